app_name = "taskdock_comments"

urlpatterns = []
