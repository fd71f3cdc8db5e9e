from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.entrance import login, profile

urlpatterns = [
    path("login/", login.LoginPage.as_view(), name="login"),
    path("logout/", login.leave, name="logout"),
    path("language/", login.language, name="language"),
    path("unit/", profile.unit, name="unit"),
    path("profile/", profile.show, name="profile"),
    path("profile/password/", profile.PasswordPage.as_view(), name="password"),
    path("profile/tokens/", profile.tokens, name="tokens"),
    path("profile/tokens/<int:token_id>/revoke/", profile.revoke, name="token-revoke"),
    path("views/", profile.save_view, name="views"),
    path("views/<int:view_id>/forget/", profile.forget_view, name="view-forget"),
    path("components/", profile.components, name="components"),
]
