// The form of what repeats shows the fields that its frequency has. Without this script all of them
// are there, and those of other frequencies count for nothing.

const FIELDS = {
    interval: ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
    weekdays: ["WEEKLY"],
    nth: ["MONTHLY"],
    nth_day: ["MONTHLY"],
    month_day: ["MONTHLY"],
    rule: ["RULE"],
    until: ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
    count: ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
};

function fit(form) {
    const frequency = form.elements.namedItem("frequency").value;
    const counted = form.elements.namedItem("nth").value !== "";
    for (const [name, frequencies] of Object.entries(FIELDS)) {
        const field = form.querySelector(`[name="${name}"]`)?.closest(".taskdock-field");
        const other = (name === "nth_day" && !counted) || (name === "month_day" && counted);
        if (field) {
            field.hidden = !frequencies.includes(frequency) || other;
        }
    }
}

function fitAll() {
    document.querySelectorAll("form[data-repeats]").forEach(fit);
}

document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-repeats]");
    if (form) {
        fit(form);
    }
});
document.addEventListener("taskdock:panel", fitAll);
fitAll();
