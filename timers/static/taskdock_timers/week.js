// A week's time: cells open, and their forms are sent, without leaving the page.
// Without this script each is a link or a form like any other.

const page = document.querySelector("[data-time]");
let asking = false;

function region() {
    return page.querySelector("[data-region]");
}

/** Have a reader say something; emptied first, so that the same words are said again. */
function announce(text) {
    const said = page.querySelector("[data-said]");
    said.textContent = "";
    window.setTimeout(() => { said.textContent = text; }, 50);
}

function complain(text) {
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.setAttribute("role", "alert");
    list.append(document.createElement("li"));
    list.firstChild.textContent = text;
    region().querySelector(":scope > .errorlist")?.remove();
    region().prepend(list);
}

/** Where the keyboard is afterwards: at what is wrong, where it was, or at the cell's title. */
function refocus(focused) {
    const wrong = region().querySelector(".errors :is(input:not([type=hidden]), select)");
    const field = wrong || (focused && document.getElementById(focused)) ||
        document.getElementById("cell-title");
    field?.focus();
}

async function show(url, { data = null, focused = "", address = null } = {}) {
    if (asking) {
        return;
    }
    asking = true;
    region().setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(url, {
            method: data ? "POST" : "GET",
            body: data,
            headers: { "X-Taskdock-Week": "1" },
            credentials: "same-origin",
        });
        if (answer.redirected || ![200, 422].includes(answer.status)) {
            complain(page.dataset.refused);
            return;
        }
        const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
        const scrolled = region().querySelector(".taskdock-week-scroll").scrollLeft;
        const fresh = document.importNode(parts.querySelector("[data-region]"), true);
        region().replaceWith(fresh);
        fresh.querySelector(".taskdock-week-scroll").scrollLeft = scrolled;
        if (address) {
            window.history.replaceState(null, "", address);
        }
        refocus(focused);
        announce(fresh.dataset.told);
    } catch {
        complain(page.dataset.lost);
    } finally {
        asking = false;
        region().removeAttribute("aria-busy");
    }
}

if (page) {
    page.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-cell], a[data-close]");
        if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) {
            return;
        }
        event.preventDefault();
        show(link.href, { address: link.href });
    });

    page.addEventListener("submit", (event) => {
        const form = event.target;
        if (!form.closest("[data-region]")) {
            return;
        }
        event.preventDefault();
        if (form.matches("[data-search]")) {
            const url = new URL(window.location.pathname, window.location.href);
            url.search = new URLSearchParams(new FormData(form)).toString();
            show(url, { focused: "id_entry-task" });
            return;
        }
        const focused = form.id === "entry-add" ? "id_entry-seconds" : document.activeElement?.id;
        show(form.action, { data: new FormData(form), focused });
    });
}
