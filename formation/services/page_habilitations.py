"""Les droits d'accès d'une grappe et d'un ESMS, tels que leurs pages les montrent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from formation.calculs.matrice import comparer
from formation.enums import EtatMatrice
from formation.models import Matrice, Profil
from formation.services import lecture_matrices as lecture
from formation.services import matrices, profils
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.nombres import accorde


@dataclass(frozen=True, slots=True)
class OuEnEst:
    """Où en sont les droits d'accès d'un ESMS : celle qui fait foi, celle en travail, ce qu'on en dit."""

    parcours: Parcours
    en_vigueur: Matrice | None
    en_travail: Matrice | None
    validee_le: date | None
    au: date
    modele_change: bool = False

    @property
    def a_revoir(self) -> bool:
        """Vrai si la date de revue est passée, et qu'aucune version ne s'en occupe."""
        prevue = self.en_vigueur.revue_prevue_le if self.en_vigueur else None
        return prevue is not None and prevue <= self.au and self.en_travail is None

    @property
    def ton(self) -> str:
        """Ce que l'état appelle : attente, reserve, ou rien."""
        if self.en_travail and self.en_travail.etat == EtatMatrice.SOUMISE:
            return "attente"
        return "reserve" if self.a_revoir else "" if self.en_vigueur else "cote"

    @property
    def mot(self) -> str:
        """« pas de variante », « en travail », « à valider », « validée le… », « à revoir »."""
        if self.en_travail:
            return "à valider" if self.en_travail.etat == EtatMatrice.SOUMISE else "en travail"
        if self.en_vigueur is None:
            return "pas de variante"
        return "à revoir" if self.a_revoir else f"validée le {date_courte(self.validee_le)}"


def validees_le(lues: list[Matrice]) -> dict[int, date]:
    """Le jour où chacune fut validée. Une requête."""
    passages = Passage.objects.de_plusieurs(Matrice, [m.pk for m in lues]).filter(transition="valider")
    return dict(passages.values_list("objet_id", "date_effet"))


def ou_en_sont(parcours: list[Parcours], au: date, modele: Matrice | None) -> list[OuEnEst]:
    """Où en est chaque ESMS. Deux requêtes, quel que soit leur nombre."""
    lues = list(
        Matrice.objects.filter(parcours__in=[p.pk for p in parcours])
        .exclude(etat=EtatMatrice.REMPLACEE)
        .order_by("parcours", "numero")
    )
    en_vigueur = {m.parcours_id: m for m in lues if m.etat == EtatMatrice.VALIDEE}
    en_travail = {m.parcours_id: m for m in lues if m.etat != EtatMatrice.VALIDEE}
    jours = validees_le(list(en_vigueur.values()))
    rendu = []
    for p in parcours:
        vigueur, travail = en_vigueur.get(p.pk), en_travail.get(p.pk)
        suivie = travail or vigueur
        change = modele is not None and suivie is not None and suivie.modele_id != modele.pk
        rendu.append(OuEnEst(p, vigueur, travail, jours.get(vigueur.pk) if vigueur else None, au, change))
    return rendu


@dataclass(frozen=True)
class PageDeGrappe:
    """Les profils, le modèle en vigueur et celui en travail, où en est chaque ESMS."""

    profils: list[Profil]
    en_vigueur: Matrice | None
    en_travail: Matrice | None
    validee_le: date | None
    esms: list[OuEnEst]
    sans_profil: list[str]

    @property
    def vide(self) -> bool:
        """Vrai si la grappe n'a encore rien."""
        return not self.profils and self.en_vigueur is None and self.en_travail is None

    @property
    def resume(self) -> str:
        """« 3 sur 8 ESMS validés »."""
        valides = sum(o.en_vigueur is not None for o in self.esms)
        return f"{valides} sur {accorde(len(self.esms), 'ESMS,ESMS')} ont des droits d'accès validés"


def lire_la_grappe(grappe: Grappe, lecteur: Utilisateur, au: date) -> PageDeGrappe:
    """La page d'une grappe pour ce lecteur : des ESMS, ceux dont il lit la préparation. Nombre de requêtes constant."""
    siens = Parcours.objects.lisibles_par(lecteur).dans_le_projet().filter(grappe=grappe)
    parcours = list(siens.select_related("esms").order_by("esms__nom", "pk"))
    en_vigueur, siens_profils = matrices.modele_en_vigueur(grappe), profils.profils_de(grappe)
    jours = validees_le([en_vigueur]) if en_vigueur else {}
    return PageDeGrappe(
        siens_profils,
        en_vigueur,
        matrices.modele_en_travail(grappe),
        jours.get(en_vigueur.pk) if en_vigueur else None,
        ou_en_sont(parcours, au, en_vigueur),
        list(Matrice(grappe=grappe).metiers_sans_profil().values()),
    )


@dataclass(frozen=True)
class PageDEsms:
    """Les droits d'accès d'un ESMS : ce qui fait foi, ce qui se prépare, ce que le modèle a changé."""

    ou: OuEnEst
    modele: Matrice | None
    ecarts: list[lecture.EcartLu]
    au_modele: list[lecture.EcartLu]
    reste: int
    anciennes: list[Matrice]
    grille: lecture.Grille | None

    @property
    def suivie(self) -> Matrice | None:
        """Celle dont on parle : en travail, sinon celle qui fait foi."""
        return self.ou.en_travail or self.ou.en_vigueur


def lire_l_esms(parcours: Parcours, au: date) -> PageDEsms:
    """La page d'un ESMS. Nombre de requêtes constant."""
    toutes = list(Matrice.objects.filter(parcours=parcours).pour_lecture().order_by("-numero"))
    vigueur = next((m for m in toutes if m.etat == EtatMatrice.VALIDEE), None)
    travail = next((m for m in toutes if m.etat in (EtatMatrice.BROUILLON, EtatMatrice.SOUMISE)), None)
    jours: dict[int, date] = validees_le([vigueur]) if vigueur else {}
    modele, suivie = matrices.modele_en_vigueur(parcours.grappe), travail or vigueur
    ecarts: list[Any] = []
    if suivie is not None and suivie.modele is not None:
        ecarts = lecture.lire_ecarts(comparer(suivie.modele.cases(), suivie.cases()))
    return PageDEsms(
        OuEnEst(parcours, vigueur, travail, jours.get(vigueur.pk) if vigueur else None, au),
        modele,
        ecarts,
        lecture.lire_ecarts(matrices.ecarts_du_modele(suivie, modele)) if suivie else [],
        len(lecture.reste_de(travail)),
        [m for m in toutes if m.etat == EtatMatrice.REMPLACEE],
        lecture.lire_grille(suivie, reference=suivie.modele.cases() if suivie.modele else None) if suivie else None,
    )
