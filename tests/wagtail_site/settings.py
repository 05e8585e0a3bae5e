"""A small Wagtail project, as a newspaper's might begin: SQLite, one kind of page, our app.

QA_SITE_FOLDER is where its database and files go.
"""

import json
import os
from pathlib import Path

FOLDER = Path(os.environ["QA_SITE_FOLDER"])
SECRET_KEY = "for tests on this machine"
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "tests.wagtail_site.urls"
INSTALLED_APPS = [
    "tests.wagtail_site.articles",
    "qa.integrations.wagtail",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qa.integrations.wagtail.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "site.sqlite3",
        # Who writes waits for his turn: a transaction that begins by reading could not.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60},
    }
}
# The tables of others are made in one go; ours as a site makes them, by our migration.
MIGRATION_MODULES = {
    name: None
    for name in (
        "articles", "auth", "contenttypes", "sessions", "taggit", "wagtailadmin", "wagtailcore", "wagtaildocs",
        "wagtailimages", "wagtailsearch", "wagtailusers",
    )
}  # fmt: skip
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
MEDIA_ROOT = FOLDER / "media"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
WAGTAIL_SITE_NAME = "The Daily Test"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
QA_WAGTAIL = json.loads(os.environ.get("QA_SITE_SETTINGS", "{}"))
