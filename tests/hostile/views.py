from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    """A page of the host's, behind its login like all of them."""
    return HttpResponse("<h1>Willkommen</h1>")
