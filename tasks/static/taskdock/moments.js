// Moments in the zone of whoever reads them. Without this script they are in the site's.

const language = document.documentElement.lang || undefined;
const format = new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"});
const exact = new Intl.DateTimeFormat(language, {dateStyle: "full", timeStyle: "full"});
//: What each element shows: a script may give it another moment.
const shown = new WeakMap();

function tell(root) {
    for (const time of root.querySelectorAll("time[data-moment]")) {
        // A site that keeps naive times does not say in which zone they are.
        if (shown.get(time) !== time.dateTime && /(Z|[+-]\d\d:\d\d)$/.test(time.dateTime)) {
            shown.set(time, time.dateTime);
            const at = new Date(time.dateTime);
            time.textContent = format.format(at);
            time.title = exact.format(at);
        }
    }
}

document.addEventListener("taskdock:panel", (event) => tell(event.target));
tell(document);
