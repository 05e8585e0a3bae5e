"""The addresses below `qa/` in the admin."""

from __future__ import annotations

from django.urls import path

from qa.integrations.wagtail import views

urlpatterns = [
    path("pages/<int:pk>/findings/", views.findings, name="findings"),
    path("pages/<int:pk>/findings/repair/", views.repair, name="repair"),
    path("pages/<int:pk>/findings/ignore/", views.ignore, name="ignore"),
]
