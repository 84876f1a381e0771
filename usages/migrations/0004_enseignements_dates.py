"""« Enseignements rédigés » et « lus » étaient des dates ; ils s'écrivent et se lisent maintenant un à un.

Ce qu'un pilote avait daté devient un enseignement ouvert ; qui l'avait dit lu l'a lu. Les dates d'avant restent : revenir
en arrière n'a rien à leur rendre.
"""

from django.db import migrations

from programme.socle.texte import normaliser

SANS_TITRE = "Enseignements consignés par le site pilote"
SANS_CONSEIL = "Consignés sans détail : demandez-les au site pilote, puis complétez cette ligne."
LOT = 500


def _tirer(enseignements, fait):
    libelle = (fait.reference or SANS_TITRE)[:160]
    return enseignements(
        grappe_id=fait.parcours.grappe_id,
        pilote=fait.parcours,
        libelle=libelle,
        conseil=fait.note or SANS_CONSEIL,
        ecrit_par_id=fait.saisi_par_id,
        ecrit_le=fait.date,
        tri=normaliser(libelle)[:160],
    )


def tirer(apps, schema_editor):
    """Un enseignement par pilote qui en avait daté, lu par les ESMS de sa grappe qui l'avaient dit."""
    faits = apps.get_model("programme", "Fait").objects
    enseignements, lectures = (apps.get_model("usages", nom) for nom in ("Enseignement", "LectureEnseignement"))
    dates = faits.filter(nature="enseignements", parcours__est_pilote=True).select_related("parcours").order_by("pk")
    par_grappe = {}
    for fait in dates:
        tire = _tirer(enseignements, fait)
        tire.save()
        par_grappe.setdefault(tire.grappe_id, []).append(tire)
    lus = faits.filter(nature="lecture", parcours__grappe__in=par_grappe).select_related("parcours")
    lectures.objects.bulk_create(
        [
            lectures(enseignement=tire, parcours=fait.parcours, lu_par_id=fait.saisi_par_id, lu_le=fait.date)
            for fait in lus
            for tire in par_grappe[fait.parcours.grappe_id]
            if tire.pilote_id != fait.parcours_id
        ],
        batch_size=LOT,
    )


class Migration(migrations.Migration):
    dependencies = [("usages", "0003_retours")]

    operations = [migrations.RunPython(tirer, migrations.RunPython.noop)]
