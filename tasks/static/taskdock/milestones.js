"use strict";

// Where a project is chosen and a milestone too: the milestones to choose from are its own.
{
    const $ = django.jQuery;

    const pairs = () => $("select[data-field-name=milestone]").map((_, milestone) => {
        const id = milestone.id.replace(/milestone$/, "project");
        const project = document.getElementById(id);
        return project && project.matches("select") ? { project, milestone } : null;
    }).get();

    $(() => {
        $(document).on("change", "select[data-field-name=project]", (event) => {
            const pair = pairs().find((one) => one.project === event.target);
            if (pair) {
                $(pair.milestone).val(null).trigger("change");
            }
        });
        $.ajaxPrefilter((options) => {
            const [pair] = pairs();
            const isAsked = /(^|&)field_name=milestone(&|$)/.test(options.data || "");
            if (pair && isAsked && !/[?&]project=/.test(options.url)) {
                options.data += `&project=${encodeURIComponent($(pair.project).val() || "")}`;
            }
        });
        // A panel that has changed may have other selects that search; one in use stays as it is.
        document.addEventListener("taskdock:panel", (event) => {
            const fresh = ".admin-autocomplete:not(.select2-hidden-accessible)";
            $(event.target).find(fresh).djangoAdminSelect2?.();
        });
    });
}
