"use strict";

// On the form of a new task: the milestones to choose from are those of the chosen project.
{
    const $ = django.jQuery;

    $(() => {
        const project = $("select#id_project");
        const milestone = $("select#id_milestone");
        if (!project.length || !milestone.length) {
            return;
        }
        project.on("change", () => milestone.val(null).trigger("change"));
        $.ajaxPrefilter((options) => {
            if (/(^|&)field_name=milestone(&|$)/.test(options.data || "")) {
                options.data += `&project=${encodeURIComponent(project.val() || "")}`;
            }
        });
    });
}
