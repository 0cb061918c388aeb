// Names for a screen reader where the widgets of Django's admin leave a part without one.

/** Fields to search in are read as the value alone: their label goes before it. */
function nameSelects() {
    for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
        const label = select.labels?.[0];
        const selection = select.nextElementSibling?.querySelector(".select2-selection");
        if (label && selection) {
            label.id ||= `${select.id}_label`;
            const value = selection.querySelector(".select2-selection__rendered");
            selection.setAttribute("aria-labelledby", [label.id, value?.id].filter(Boolean).join(" "));
            if (value?.getAttribute("role") === "textbox") {
                value.setAttribute("aria-labelledby", label.id);
            }
            const search = selection.querySelector(".select2-search__field");
            search?.setAttribute("aria-labelledby", label.id);
        }
    }
    for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) {
        icon.setAttribute("role", "img");
    }
}

// After the scripts that make these widgets.
if (window.django?.jQuery) {
    window.django.jQuery(nameSelects);
    window.addEventListener("load", nameSelects);
}
