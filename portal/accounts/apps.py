from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.accounts import regular_mail, searches
        from portal.accounts.receivers import connect_all

        regular_mail.register(searches.MAIL)
        connect_all()
