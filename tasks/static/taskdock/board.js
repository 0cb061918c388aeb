// The board: each part is a module of its own.

import { board } from "./board/page.js";
import * as drag from "./board/drag.js";
import * as fresh from "./board/fresh.js";
import * as keys from "./board/keys.js";
import * as more from "./board/more.js";
import * as send from "./board/send.js";

fresh.start();
more.start();
send.listen();
if (board.dataset.move) {
    drag.listen();
    keys.listen();
}
