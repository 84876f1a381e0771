"""Remplit les deux dates entretenues des parcours déjà écrits ; les vider est le retour en arrière."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, TruncDate

FRISE = ("recense", "cadrage", "preparation", "pilote", "ouverture", "service_regulier", "routine")


def remplir(apps, schema_editor):
    Parcours = apps.get_model("programme", "Parcours")
    Etape = apps.get_model("programme", "Etape")
    Passage = apps.get_model("socle", "Passage")
    journal = Passage.objects.filter(
        objet_type__app_label="programme", objet_type__model="parcours", objet_id=OuterRef("pk")
    ).order_by("-rang")
    prevues = (
        Etape.objects.filter(parcours=OuterRef("pk"), parcours__etat__in=FRISE, reelle__isnull=True)
        .annotate(prevue_le=Coalesce(F("revisee"), F("reference")))
        .filter(prevue_le__isnull=False)
        .order_by("prevue_le")
    )
    Parcours.objects.update(
        depuis_le=Coalesce(Subquery(journal.values("date_effet")[:1]), TruncDate("cree_le")),
        prochaine_le=Subquery(prevues.values("prevue_le")[:1]),
    )


def vider(apps, schema_editor):
    apps.get_model("programme", "Parcours").objects.update(depuis_le=None, prochaine_le=None)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("socle", "0001_initiale"),
        ("programme", "0002_financement_interlocuteurs"),
    ]

    operations = [migrations.RunPython(remplir, vider)]
