// Forms that are sent as any page sends them. Just before, each gets the CSRF token of now, which a
// login in another tab has changed. Nobody leaves a page with a filled form for an error: who is
// signed out, or has no connection, reads so and stays.

import { explain, failureOf, renewToken } from "./send.js";

//: After this long a form can be sent again: its answer may be a download, and the page stays.
const PAUSE = 3000;
const STOPS = ["lost", "signedOut", "otherUser", "busy"];
const isRenewed = new WeakSet();
const isUnderWay = new WeakSet();

function complain(form, submitter, failure) {
    document.querySelector("[data-failure]")?.remove();
    const said = document.createElement("p");
    said.className = "errornote";
    said.dataset.failure = "";
    said.setAttribute("role", "alert");
    explain(said, failure);
    const row = submitter?.closest(".submit-row") ?? form.querySelector(".submit-row");
    if (row) {
        row.before(said);
    } else {
        (document.getElementById("content") ?? document.body).prepend(said);
    }
    said.scrollIntoView({ block: "nearest" });
}

async function renew(form, submitter) {
    try {
        await renewToken();
    } catch (error) {
        const failure = failureOf(error);
        if (STOPS.includes(failure.kind)) {
            complain(form, submitter, failure);
            return false;
        }
        // The site has no such page for this user, or an error of its own: the form decides.
    }
    return true;
}

// Around all other listeners: what they send themselves is none of this one's business.
window.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "";
    if (event.defaultPrevented || method.toLowerCase() !== "post") {
        return;
    }
    if (isRenewed.delete(form)) {
        return;
    }
    event.preventDefault();
    if (isUnderWay.has(form)) {
        return;
    }
    isUnderWay.add(form);
    if (await renew(form, submitter)) {
        isRenewed.add(form);
        HTMLFormElement.prototype.requestSubmit.call(form, submitter);
        window.setTimeout(() => isUnderWay.delete(form), PAUSE);
    } else {
        isUnderWay.delete(form);
    }
});

// The second click of a double click is none of its own.
document.addEventListener("click", (event) => {
    const button = event.target.closest("button, input[type=submit]");
    const isAgain = event.detail > 1 && button?.type === "submit";
    if (isAgain && !button.form?.hasAttribute("data-each")) {
        event.preventDefault();
    }
}, true);
