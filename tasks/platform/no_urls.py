"""No URL at all: where a request was answered, no other is to be found."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
