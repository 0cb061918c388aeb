// What all parts of the board share: its elements, and how it speaks.

import { explain } from "../send.js";

export const board = document.querySelector("[data-board]");
export const columns = () => [...board.querySelectorAll("[data-column]")];
export const columnOf = (element) => element.closest("[data-column]");
export const listOf = (column) => column.querySelector("[data-list]");
export const cardsOf = (column) => [...listOf(column).querySelectorAll(":scope > [data-card]")];
export const titleOf = (card) => card.querySelector(".taskdock-card-title").textContent;

/** What goes on just now: while it does, others' changes wait. */
export const busy = { dragging: false, sending: 0 };

export function say(text, isError = false) {
    const said = document.querySelector("[data-said]");
    said.classList.toggle("is-error", isError);
    said.textContent = text;
}

/** Why something was not done, and what there is to do. */
export function sayFailure(failure, after = "") {
    say("", true);
    explain(document.querySelector("[data-said]"), failure, after);
}

/** A sentence of the page about where a card is. */
export function sentence(name, card) {
    const column = columnOf(card);
    const cards = cardsOf(column);
    const values = {
        task: titleOf(card),
        status: column.querySelector("[data-title]").textContent,
        place: cards.indexOf(card) + 1,
        count: cards.length,
    };
    return board.dataset[name].replace(/%\((\w+)\)s/g, (_, key) => values[key]);
}

export const tell = (name, card) => say(sentence(name, card));

/** Where a card stands, to put it back there. */
export const placeOf = (card) => ({ list: card.parentElement, next: card.nextElementSibling });

export function put(card, { list, next }) {
    const before = next && next.parentElement === list ? next : null;
    if (card.parentElement !== list || card.nextElementSibling !== before) {
        const focused = card.contains(document.activeElement) ? document.activeElement : null;
        list.insertBefore(card, before);
        focused?.focus();
    }
}
