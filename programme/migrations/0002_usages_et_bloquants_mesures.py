"""« Usages suivis » et « tickets bloquants » ne se disent plus sur la fiche : ils se mesurent, dans l'app `usages`.

Un nombre de tickets bloquants tapé à la main barrait un passage : il devient une action de l'ESMS, pour que rien ne
s'oublie. Revenir en arrière le relit dans cette action, tant qu'elle est à faire.
"""

import re

from django.db import migrations

from programme.socle.texte import normaliser

DEBUT = "Déclarer dans l'outil d'assistance les tickets bloquants comptés à la main : "
LOT = 500


def _signataire(apps, parcours):
    """Qui a touché la fiche en dernier ; à défaut, le plus ancien compte."""
    historique = apps.get_model("programme", "HistoricalParcours").objects.filter(id=parcours.pk)
    dernier = historique.exclude(history_user=None).order_by("-history_date").values_list("history_user", flat=True)
    comptes = apps.get_model("programme", "Utilisateur").objects
    cle = dernier.first()
    return comptes.filter(pk=cle).first() or comptes.order_by("pk").first()


def garder(apps, schema_editor):
    """Une action par ESMS qui comptait des tickets bloquants."""
    actions = []
    for parcours in apps.get_model("programme", "Parcours").objects.filter(nb_bloquants__gt=0).exclude(etat="sorti"):
        signataire = _signataire(apps, parcours)
        if signataire is None:
            continue
        libelle = f"{DEBUT}{parcours.nb_bloquants}"
        actions.append(
            apps.get_model("programme", "Action")(
                grappe_id=parcours.grappe_id,
                parcours=parcours,
                libelle=libelle,
                precision="Un ticket bloquant sans contournement attend le service régulier ; il se lit désormais des "
                "tickets, plus de la fiche.",
                origine="saisie",
                creee_par=signataire,
                tri=normaliser(libelle)[:160],
            )
        )
    apps.get_model("programme", "Action").objects.bulk_create(actions, batch_size=LOT)


def rendre(apps, schema_editor):
    """Le nombre, relu dans l'action tant qu'elle est à faire."""
    en_attente = apps.get_model("programme", "Action").objects.filter(libelle__startswith=DEBUT, etat="a_faire")
    for action in en_attente.select_related("parcours"):
        lu = re.fullmatch(r"(\d+)", action.libelle.removeprefix(DEBUT))
        if lu and action.parcours:
            type(action.parcours).objects.filter(pk=action.parcours_id).update(nb_bloquants=int(lu[1]))
    en_attente.delete()


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initiale")]

    operations = [
        migrations.RunPython(garder, rendre),
        migrations.RemoveField("parcours", "usages_suivis"),
        migrations.RemoveField("historicalparcours", "usages_suivis"),
        migrations.RemoveField("parcours", "nb_bloquants"),
        migrations.RemoveField("historicalparcours", "nb_bloquants"),
    ]
