// Dragging a card: by the mouse at once, by touch after a long press, so that one can still scroll.

import { board, busy, cardsOf, columnOf, columns, listOf, placeOf, put } from "./page.js";
import { sendMove } from "./send.js";

const PRESS = 350;
const SLACK = 6;
const EDGE = 48;
let drag = null;

function ghostOf(card) {
    const ghost = card.cloneNode(true);
    const box = card.getBoundingClientRect();
    ghost.removeAttribute("data-card");
    ghost.classList.add("is-ghost");
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.width = `${box.width}px`;
    document.body.append(ghost);
    return { ghost, dx: drag.x - box.left, dy: drag.y - box.top };
}

function begin() {
    window.clearTimeout(drag.timer);
    busy.dragging = true;
    drag.home = placeOf(drag.card);
    Object.assign(drag, ghostOf(drag.card));
    drag.card.classList.add("is-dragged");
    follow();
    drag.frame = window.requestAnimationFrame(scroll);
}

function follow() {
    drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px)`;
    const column = columns().find((one) => {
        const box = one.getBoundingClientRect();
        return drag.x >= box.left && drag.x < box.right;
    });
    if (!column) {
        return;
    }
    const next = cardsOf(column).find((one) => {
        const box = one.getBoundingClientRect();
        return one !== drag.card && drag.y < box.top + box.height / 2;
    });
    put(drag.card, { list: listOf(column), next: next ?? null });
}

/** Near an edge, what is behind it comes into sight. */
function scroll() {
    const box = board.getBoundingClientRect();
    const sideways = drag.x < box.left + EDGE ? -12 : drag.x > box.right - EDGE ? 12 : 0;
    const list = columnOf(drag.card).querySelector("[data-scroll]");
    const around = list.getBoundingClientRect();
    const down = drag.y < around.top + EDGE ? -12 : drag.y > around.bottom - EDGE ? 12 : 0;
    if (sideways || down) {
        board.scrollLeft += sideways;
        list.scrollTop += down;
        follow();
    }
    drag.frame = window.requestAnimationFrame(scroll);
}

function end(isDropped) {
    const { card, home, ghost, frame, timer } = drag;
    window.clearTimeout(timer);
    drag = null;
    if (!ghost) {
        return;
    }
    window.cancelAnimationFrame(frame);
    ghost.remove();
    card.classList.remove("is-dragged");
    busy.dragging = false;
    if (!isDropped) {
        put(card, home);
    } else if (card.parentElement !== home.list || card.nextElementSibling !== home.next) {
        sendMove(card, home);
    }
}

export function listen() {
    board.addEventListener("pointerdown", (event) => {
        const card = event.target.closest("[data-card]");
        const grip = event.target.closest("[data-grip]");
        const other = event.target.closest("a, button, summary, input, select, details");
        if (!card || drag || event.button !== 0 || busy.dragging || (other && !grip)) {
            return;
        }
        const isTouch = event.pointerType === "touch";
        drag = { card, id: event.pointerId, x: event.clientX, y: event.clientY, waits: isTouch && !grip };
        if (drag.waits) {
            drag.timer = window.setTimeout(begin, PRESS);
        } else if (!grip) {
            event.preventDefault();
        }
    });
    document.addEventListener("pointermove", (event) => {
        if (!drag || event.pointerId !== drag.id) {
            return;
        }
        const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
        if (!drag.ghost && !far) {
            return;
        }
        if (!drag.ghost && drag.waits) {
            // It scrolls.
            end(false);
            return;
        }
        if (!drag.ghost) {
            begin();
        }
        drag.x = event.clientX;
        drag.y = event.clientY;
        follow();
    });
    document.addEventListener("pointerup", (event) => {
        if (drag && event.pointerId === drag.id) {
            end(true);
        }
    });
    document.addEventListener("pointercancel", (event) => {
        if (drag && event.pointerId === drag.id) {
            end(false);
        }
    });
    document.addEventListener("keydown", (event) => {
        if (drag && event.key === "Escape") {
            end(false);
        }
    });
    board.addEventListener("touchmove", (event) => {
        if (drag?.ghost) {
            event.preventDefault();
        }
    }, { passive: false });
    board.addEventListener("contextmenu", (event) => {
        if (drag?.waits) {
            event.preventDefault();
        }
    });
}
