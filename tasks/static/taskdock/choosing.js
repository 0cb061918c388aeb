// A panel that was replaced has fresh selects: Django's script, which makes them search, ran before.
document.addEventListener("taskdock:panel", (event) => {
    const selects = event.target.querySelectorAll("select.admin-autocomplete");
    if (selects.length) {
        window.django.jQuery(selects).djangoAdminSelect2();
    }
});
