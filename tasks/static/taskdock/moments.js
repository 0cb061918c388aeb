// Moments in the zone of whoever reads them. Without this script they are in the site's.

const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    dateStyle: "medium", timeStyle: "short",
});
const told = new WeakSet();

function tell(root) {
    for (const time of root.querySelectorAll("time[data-moment]")) {
        // A site that keeps naive times does not say in which zone they are.
        if (!told.has(time) && /(Z|[+-]\d\d:\d\d)$/.test(time.dateTime)) {
            told.add(time);
            time.title = time.textContent;
            time.textContent = format.format(new Date(time.dateTime));
        }
    }
}

document.addEventListener("taskdock:panel", (event) => tell(event.target));
tell(document);
