app_name = "taskdock_timers"

urlpatterns = []
