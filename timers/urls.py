from django.urls import URLPattern

app_name = "taskdock_timers"

urlpatterns: list[URLPattern] = []
