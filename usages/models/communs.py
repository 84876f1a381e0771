"""Ce que partagent les lectures des usages : ce que chacun lit d'un chiffre, selon où il en est."""

from typing import Any

from django.db.models import Func, IntegerField, Q

from programme.enums import EtatParcours, Role
from programme.models import Grappe, Parcours
from programme.socle.models import Passage
from usages.enums import EtatReleve

TRANSMIS = (EtatReleve.TRANSMIS, EtatReleve.VALIDE, EtatReleve.VERROUILLE)
"""Ce que le financeur lit, et ce que les agrégats comptent : un chiffre encore en saisie n'est à personne d'autre."""


def lisibles(utilisateur: Any, parcours: str = "parcours", etat: str = "etat") -> Q:
    """Les lignes des ESMS dont il lit la préparation ; pour le financeur, celles d'un relevé transmis.

    `parcours`, `etat` : chemins depuis la ligne vers l'ESMS et vers l'état du relevé.
    """
    pres = Q(**{f"{parcours}__in": Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")})
    if not utilisateur.perimetre.tient(Role.ARS):
        return pres
    vus = Parcours.objects.visibles_par(utilisateur).order_by().values("pk")
    return pres | Q(**{f"{parcours}__in": vus, f"{etat}__in": TRANSMIS})


def grappes_de_pres(utilisateur: Any) -> Any:
    """Clés des grappes dont il est, ou qu'il accompagne ; pas le financeur."""
    lisibles_ici = Parcours.objects.lisibles_par(utilisateur).order_by().dans_le_projet().values("grappe")
    return (
        Grappe.objects.filter(
            Q(pk__in=lisibles_ici) | Q(pk__in=Grappe.objects.de_pres(utilisateur).order_by().values("pk"))
        )
        .order_by()
        .values("pk")
    )


def a_ete_pilote(parcours: Parcours) -> bool:
    """Vrai si l'ESMS a ouvert en pilote, un jour ou aujourd'hui. Une requête au plus."""
    if parcours.etat == EtatParcours.PILOTE:
        return True
    return Passage.objects.de(parcours).filter(vers=EtatParcours.PILOTE).exists()


class JoursEntre(Func):
    """Jours de la seconde date à la première, comptés par la base : des entiers, que l'on peut regrouper.

    La différence de deux dates, chez SQLite, passerait ligne à ligne par Python.
    """

    arity = 2
    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Par jours juliens ; deux dates en diffèrent d'un nombre entier."""
        dits = {"template": "CAST(JULIANDAY(%(expressions)s) AS INTEGER)", "arg_joiner": ") - JULIANDAY("}
        return super().as_sql(compiler, connection, **dits, **extra)
