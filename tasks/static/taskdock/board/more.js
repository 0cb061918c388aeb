// The rest of a long column comes as one scrolls to it.

import { board, cardsOf, columnOf, columns, listOf, sayFailure } from "./page.js";
import { note } from "./fresh.js";
import { failureOf, get, html } from "../send.js";

const loading = new WeakSet();

async function load(link) {
    const column = columnOf(link);
    if (loading.has(column)) {
        return;
    }
    loading.add(column);
    try {
        const answer = await get(board.dataset.cards + link.dataset.query);
        const parsed = await html(answer);
        const fresh = parsed.querySelector("[data-column]");
        if (!fresh) {
            return;
        }
        const cards = cardsOf(fresh).filter(
            (card) => !board.querySelector(`[data-card="${card.dataset.card}"]`),
        );
        note(cards);
        listOf(column).append(...cards);
        column.querySelector("[data-more]").innerHTML = fresh.querySelector("[data-more]").innerHTML;
    } finally {
        loading.delete(column);
    }
}

export function start() {
    for (const column of columns()) {
        const more = column.querySelector("[data-more]");
        const seen = new IntersectionObserver((entries) => {
            const link = more.querySelector("a");
            if (link && entries.some((entry) => entry.isIntersecting)) {
                load(link).then(() => {
                    // Still in sight: asked again.
                    seen.unobserve(more);
                    seen.observe(more);
                }).catch(() => {});
            }
        }, { root: column.querySelector("[data-scroll]"), rootMargin: "0px 0px 400px" });
        seen.observe(more);
    }
    board.addEventListener("click", (event) => {
        const link = event.target.closest("[data-more] a");
        if (link) {
            event.preventDefault();
            load(link).catch((error) => sayFailure(failureOf(error)));
        }
    });
}
