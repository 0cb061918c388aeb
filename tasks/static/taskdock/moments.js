// Moments in the zone of whoever reads them. Without this script they are in the site's.

const language = document.documentElement.lang || undefined;
const format = new Intl.DateTimeFormat(language, {dateStyle: "medium", timeStyle: "short"});
const exact = new Intl.DateTimeFormat(language, {dateStyle: "full", timeStyle: "full"});
const told = new WeakSet();

function tell(root) {
    for (const time of root.querySelectorAll("time[data-moment]")) {
        // A site that keeps naive times does not say in which zone they are.
        if (!told.has(time) && /(Z|[+-]\d\d:\d\d)$/.test(time.dateTime)) {
            told.add(time);
            const at = new Date(time.dateTime);
            time.textContent = format.format(at);
            time.title = exact.format(at);
        }
    }
}

document.addEventListener("taskdock:panel", (event) => tell(event.target));
tell(document);
