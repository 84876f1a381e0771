"""Réglages de Treille : embarqués par défaut, pilotés par l'environnement en production.

Une variable `TREILLE_…` suffit à passer de l'un à l'autre ; le code ne change pas.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.base_de_donnees import lire_base

RACINE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("TREILLE_VAR", RACINE / "var"))
VAR.mkdir(parents=True, exist_ok=True)
(VAR / "static").mkdir(exist_ok=True)


def _oui(nom: str, defaut: str = "") -> bool:
    return os.environ.get(nom, defaut).lower() in {"1", "oui", "true", "vrai"}


PRODUCTION = _oui("TREILLE_PRODUCTION")
DEMONSTRATION = _oui("TREILLE_DEMONSTRATION")
DEBUG = _oui("TREILLE_DEBUG")

SECRET_KEY = os.environ.get("TREILLE_CLE_SECRETE", "" if PRODUCTION else "cle-de-developpement-sans-valeur")
if not SECRET_KEY:
    raise ImproperlyConfigured("TREILLE_CLE_SECRETE est vide : en production, donnez une clé longue et gardée secrète.")
ALLOWED_HOSTS = os.environ.get("TREILLE_HOTES", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TREILLE_ORIGINES", "").split(",") if o]

INSTALLED_APPS = [
    "programme.socle",
    "programme",
    "gouvernance",
    "risques",
    "formation",
    "usages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "js_lib_bootstrap5",
    "lucide",
    "rest_framework",
    "drf_spectacular",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.confidentialite.SansCacheMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programme.contexte.enveloppe",
            ],
        },
    }
]

DATABASES = {"default": lire_base(os.environ.get("TREILLE_BASE", ""), VAR)}
# Derrière un relais qui change de connexion à chaque transaction, rien ne peut rester ouvert ni préparé dans la base.
RELAYEE = _oui("TREILLE_BASE_RELAYEE")
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = RELAYEE
if DATABASES["default"]["ENGINE"].endswith("postgresql") and not RELAYEE:
    # Compiler à la volée coûte plus que les requêtes d'une page. Un relais refuse ce réglage : il se pose sur le rôle.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "programme.Utilisateur"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("identifiant", "courriel")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "programme.mots_de_passe.PasDeMotDePasseDeDemonstration"},
]
LOGIN_URL = "connexion"
LOGIN_REDIRECT_URL = "programme:accueil"
LOGOUT_REDIRECT_URL = "connexion"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [RACINE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "fichiers"

EMAIL_BACKEND = os.environ.get("TREILLE_COURRIEL_MOTEUR", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("TREILLE_COURRIEL_HOTE", "localhost")
EMAIL_PORT = int(os.environ.get("TREILLE_COURRIEL_PORT", "25"))
# Un serveur d'envoi muet ne retient pas le travailleur.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("TREILLE_COURRIEL_DE", "treille@exemple.invalid")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = _oui("TREILLE_HSTS_SOUS_DOMAINES")
    SECURE_HSTS_PRELOAD = _oui("TREILLE_HSTS_SOUS_DOMAINES")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "programme.socle.depots.PlafondDeDepot",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

DJANGO_TABLES2_TEMPLATE = "tables/table.html"

REST_FRAMEWORK = {
    # Le jeton d'abord : c'est lui qui fait répondre 401 à un inconnu.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "programme.socle.jetons.JetonAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "programme.socle.jetons.EcriturePermise",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["programme.socle.lecteur_json.LecteurJson"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "programme.socle.pagination.PaginationApi",
    "EXCEPTION_HANDLER": "programme.socle.refus_api.traduire",
    "NON_FIELD_ERRORS_KEY": "corps",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Treille",
    "DESCRIPTION": "Conduite du déploiement d'un DUI dans une grappe d'ESMS. Aucune donnée de personne accompagnée.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "EtatParcours": "programme.enums.EtatParcours",
        "EtatGrappe": "programme.enums.EtatGrappe",
        "EtatOuverture": "programme.enums.EtatOuverture",
        "EtatJalon": "programme.enums.EtatJalon",
        "NatureAvenant": "programme.enums.NatureAvenant",
        "MotifSortie": "programme.enums.MotifSortie",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"treille": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}

# Où mènent les liens d'un courriel composé sans requête. En production, à donner : sans elle, aucun rappel ne part.
TREILLE_ADRESSE = os.environ.get("TREILLE_ADRESSE", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
# Combien de relais de confiance devant le serveur : l'adresse de qui envoie se lit à ce rang dans X-Forwarded-For.
TREILLE_RELAIS = int(os.environ.get("TREILLE_RELAIS", "0"))
TREILLE_TAILLE_IMPORT = int(os.environ.get("TREILLE_TAILLE_IMPORT", str(500 * 1024 * 1024)))
# Sans battement pendant ce nombre de secondes, une tâche de fond passe pour interrompue.
TREILLE_DELAI_BATTEMENT = int(os.environ.get("TREILLE_DELAI_BATTEMENT", "60"))
