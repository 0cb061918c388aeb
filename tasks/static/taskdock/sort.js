// Lists that are sorted by dragging a row by its grip. The buttons beside it do the same without.
//
// A list says with data-sorts where the new place of a row is sent to; a row has data-row.

const list = (element) => element.closest("[data-sorts]");

function show(root) {
    for (const grip of root.querySelectorAll("[data-grip]")) {
        grip.hidden = false;
    }
}

/** The row before which the pointer is, or null past the last one. */
function rowBelow(rows, y) {
    return rows.find((row) => {
        const box = row.getBoundingClientRect();
        return y < box.top + box.height / 2;
    }) || null;
}

/** Have a row stand before another, or last. It stays in the page: what is taken out loses the pointer. */
function place(rows, row, next) {
    while (row.nextElementSibling !== next) {
        const isAbove = next && row.compareDocumentPosition(next) & Node.DOCUMENT_POSITION_PRECEDING;
        if (isAbove) {
            rows.insertBefore(row.previousElementSibling, row.nextElementSibling);
        } else {
            rows.insertBefore(row.nextElementSibling, row);
        }
    }
}

document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const row = grip?.closest("[data-row]");
    const rows = row && list(row);
    // The cards of the board have grips too, and a script of their own.
    if (!rows || event.button !== 0) {
        return;
    }
    event.preventDefault();
    const home = row.nextElementSibling;
    row.classList.add("is-dragged");
    grip.setPointerCapture(event.pointerId);

    const move = (moved) => {
        const others = [...rows.children].filter((one) => one !== row);
        const next = rowBelow(others, moved.clientY);
        place(rows, row, next);
    };
    const end = (ended) => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        document.removeEventListener("keydown", escape);
        row.classList.remove("is-dragged");
        const next = row.nextElementSibling;
        if (ended.type !== "pointerup") {
            place(rows, row, home);
        } else if (next !== home) {
            put(rows, row, { next, home });
        }
    };
    const escape = (pressed) => {
        if (pressed.key === "Escape") {
            end(pressed);
        }
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
    document.addEventListener("keydown", escape);
});

function put(rows, row, { next, home }) {
    const data = new FormData();
    data.set("row", row.dataset.row);
    data.set("to", next ? "before" : "last");
    data.set("before", next ? next.dataset.row : "");
    const undo = () => place(rows, row, home?.parentElement === rows ? home : null);
    document.dispatchEvent(new CustomEvent("taskdock:send", {
        detail: { section: rows.closest("[data-panel]"), url: rows.dataset.sorts, data, undo },
    }));
}

document.addEventListener("taskdock:panel", (event) => show(event.target));
show(document);
