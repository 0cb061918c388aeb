// A preview beside a field of Markdown, made by the site. Without this script the form has a
// button that shows it in a page of its own.

import { explain, failureOf, html, post } from "./send.js";

const latest = new WeakMap();

/** Show a field's text; of several that are under way the last one counts. */
async function preview(field, shown) {
    const own = {};
    latest.set(field, own);
    const data = new FormData();
    data.set("text", field.value);
    const headers = { "X-Taskdock-Panel": "preview" };
    let nodes = null;
    try {
        const parsed = await html(await post(field.dataset.preview, data, { headers }));
        nodes = [...parsed.body.childNodes].map((node) => document.importNode(node, true));
    } catch (error) {
        const said = document.createElement("p");
        said.className = "taskdock-error";
        explain(said, failureOf(error), field.dataset.lost);
        nodes = [said];
    }
    if (latest.get(field) === own) {
        shown.replaceChildren(...nodes);
    }
}

for (const field of document.querySelectorAll("textarea[data-preview]")) {
    const bar = document.createElement("div");
    bar.className = "taskdock-buttons taskdock-preview-bar";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button taskdock-quiet";
    button.textContent = field.dataset.words;
    button.setAttribute("aria-expanded", "false");
    const shown = document.createElement("div");
    shown.className = "taskdock-preview taskdock-markdown";
    shown.id = `${field.id}-preview`;
    shown.hidden = true;
    shown.tabIndex = 0;
    shown.setAttribute("role", "region");
    shown.setAttribute("aria-label", field.dataset.words);
    button.setAttribute("aria-controls", shown.id);
    button.addEventListener("click", async () => {
        const opens = shown.hidden;
        if (opens) {
            await preview(field, shown);
        }
        shown.hidden = !opens;
        button.setAttribute("aria-expanded", String(opens));
    });
    bar.append(button);
    (field.closest(".flex-container") || field).after(bar, shown);
    let waiting = 0;
    field.addEventListener("input", () => {
        window.clearTimeout(waiting);
        if (!shown.hidden) {
            waiting = window.setTimeout(() => preview(field, shown), 400);
        }
    });
}
