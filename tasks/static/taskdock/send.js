// How scripts send something to the site and read from it. Every request goes through here, so that
// a login in another tab, a sign-out, a busy server and a lost connection are handled once.
//
// The texts are those of "taskdock/sending.html", which each page of ours includes.

//: Answers that a caller handles itself: a write that the site refused, with its reasons.
const REFUSALS = [409, 422];
//: How often a request is repeated that the server was too busy for, and how long it waits at most.
const RETRIES = 2;
const LONGEST_WAIT = 5;
//: After this long without an answer the connection counts as lost; uploads take their time.
const TIMEOUT = 60_000;
const KIND_OF_STATUS = { 403: "refused", 404: "gone", 410: "gone", 413: "large", 429: "busy", 503: "busy" };
//: What can succeed later, sent as it is.
const PASSING = ["lost", "signedOut", "otherUser", "busy", "error"];

const texts = () => document.querySelector("[data-sending]")?.dataset ?? {};
const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");
let token = null;

/** Why a request was not answered as it should be; the message is a sentence for the user. */
export class Failure extends Error {
    constructor(kind, values = {}) {
        super((texts()[kind] ?? "").replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? ""));
        this.kind = kind;
    }

    /** Whether the same request may succeed later. */
    get mayPass() {
        return PASSING.includes(this.kind);
    }
}

/** Any error as a failure: what is no failure is an answer that no script can read. */
export const failureOf = (error) => (error instanceof Failure ? error : new Failure("error"));

/** Put a failure's sentence into an element, with a link to the login where that helps. */
export function explain(element, failure, after = "") {
    element.textContent = [failure.message, after].filter(Boolean).join(" ");
    if (["signedOut", "otherUser"].includes(failure.kind) && texts().login) {
        const link = document.createElement("a");
        link.href = texts().login;
        link.target = "_blank";
        link.rel = "noopener";
        link.className = "taskdock-sign-in";
        link.textContent = texts().signIn;
        element.append(" ", link);
    }
}

/** A key of one submission, by which the server recognizes its repetition. */
export function newKey() {
    const bytes = [...window.crypto.getRandomValues(new Uint8Array(16))];
    return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function request(url, init, timeout = TIMEOUT) {
    const giveUp = new AbortController();
    const timer = timeout && window.setTimeout(() => giveUp.abort(), timeout);
    try {
        return await fetch(url, {
            credentials: "same-origin",
            // Not followed: what a page of ours redirects a script to is the login.
            redirect: "manual",
            cache: "no-store",
            ...init,
            signal: giveUp.signal,
        });
    } catch {
        throw new Failure("lost");
    } finally {
        window.clearTimeout(timer);
    }
}

const isRedirect = (answer) => answer.type === "opaqueredirect";

function failed(answer) {
    const kind = KIND_OF_STATUS[answer.status] ?? (answer.status >= 500 ? "error" : "refused");
    return new Failure(kind);
}

/**
 * Read the CSRF token that belongs to the session of now, and give it to all forms of the page.
 * Fails if nobody is signed in, or somebody else than when the page was made.
 */
export async function renewToken() {
    const { token: url, user } = texts();
    if (!url) {
        return null;
    }
    const answer = await request(url, { headers: { Accept: "application/json" } });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("application/json");
    if (isRedirect(answer) || (answer.ok && !isJson)) {
        throw new Failure("signedOut");
    }
    if (!answer.ok) {
        throw failed(answer);
    }
    const known = await answer.json();
    if (known.user !== user) {
        throw new Failure("otherUser", { user: known.name });
    }
    token = known.token;
    for (const field of tokens()) {
        field.value = token;
    }
    return token;
}

const hasFiles = (data) => [...data.values()].some((value) => value instanceof File && value.name);

function waitOf(answer) {
    const seconds = Number(answer.headers.get("Retry-After") || 1);
    const isShort = answer.status === 503 && seconds <= LONGEST_WAIT;
    return isShort ? Math.max(seconds, 0.2) * 1000 : null;
}

/**
 * Send form data. Returns the answer if it is a success or a refusal with reasons, and throws a
 * Failure otherwise. A request whose CSRF token is too old is repeated with a new one.
 */
export async function post(url, data, { headers = {}, key = null } = {}) {
    const sendNow = () => {
        const current = token ?? tokens()[0]?.value;
        if (current) {
            data.set("csrfmiddlewaretoken", current);
        }
        const own = key ? { "X-Taskdock-Submission": key } : {};
        const init = { method: "POST", body: data, headers: { ...headers, ...own } };
        return request(url, init, hasFiles(data) ? 0 : TIMEOUT);
    };
    let answer = await sendNow();
    if (isRedirect(answer) || answer.status === 403) {
        await renewToken();
        answer = await sendNow();
    }
    for (let retry = 0; retry < RETRIES && waitOf(answer) !== null; retry += 1) {
        const wait = waitOf(answer);
        await new Promise((done) => { window.setTimeout(done, wait); });
        answer = await sendNow();
    }
    if (answer.ok || REFUSALS.includes(answer.status)) {
        return answer;
    }
    throw failed(answer);
}

/** Read a page. Returns the answer if it is a success or says that nothing has changed. */
export async function get(url, { headers = {} } = {}) {
    let answer = await request(url, { headers });
    if (isRedirect(answer)) {
        await renewToken();
        answer = await request(url, { headers });
    }
    if (answer.ok || answer.status === 304) {
        return answer;
    }
    throw failed(answer);
}

/** What an answer is that is not in the form it should have: a login page, or somebody's error. */
async function unreadable() {
    await renewToken();
    return new Failure("error");
}

/** The object of an answer in JSON. */
export async function json(answer) {
    try {
        return await answer.json();
    } catch {
        throw await unreadable();
    }
}

/** The document of an answer in HTML, which has an element that the selector matches. */
export async function html(answer, selector) {
    const text = await answer.text().catch(() => { throw new Failure("lost"); });
    const parsed = new DOMParser().parseFromString(text, "text/html");
    if (selector && !parsed.querySelector(selector)) {
        throw await unreadable();
    }
    return parsed;
}
