"""Start the project with a new database, the sample article as a draft, and Django's own server on a free port."""

import os

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.wagtail_site.settings"
    django.setup()
    from tests.wagtail_site.populate import populate, sample

    call_command("migrate", run_syncdb=True, verbosity=0)
    page = populate().add_child(instance=sample())
    page.save_revision()
    call_command("runserver", "127.0.0.1:0", use_reloader=False)
