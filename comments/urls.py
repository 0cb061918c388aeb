from django.urls import URLPattern

app_name = "taskdock_comments"

urlpatterns: list[URLPattern] = []
