"""Un ESMS ferme, rouvre, fusionne, change d'OG : dire ce que cela touche, donner une suite. Rien d'office."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programme.calculs.fusion import noms_distincts
from programme.enums import EtatParcours, MotifSortie, NatureEvenement, Role
from programme.models import (
    Affectation,
    Esms,
    EvenementEsms,
    Groupe,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Unite,
    Utilisateur,
)
from programme.permissions import SUITE_RESERVEE, peut_conduire, peut_donner_suite, peut_grouper
from programme.services.controles import exiger, valider
from programme.services.fusion_actions import PAS_ENCORE, Suivantes, suivantes
from programme.services.grappes import UNITE_PAR_DEFAUT, ajouter_esms
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import pour_lecture
from programme.socle.nombres import accorde, liste

ENTRE_TEMPS = "Entre-temps, les unités de cet ESMS ont changé : relisez l'aperçu, puis confirmez à nouveau."


@dataclass(frozen=True, slots=True)
class Geste:
    """Un geste possible : ce qu'il fait, où il se fait, ou à qui il revient (`a_qui`) quand ce n'est pas au lecteur.

    `tardif` : il vaut encore une fois la suite donnée.
    """

    titre: str
    texte: str
    libelle: str = ""
    url: str = ""
    a_qui: str = ""
    tardif: bool = False


@dataclass(slots=True)
class Arrivee:
    """Les unités d'un parcours absorbé et leur nom à l'arrivée ; `vers` : None si ce parcours est à créer."""

    parcours: Parcours
    absorbant: Esms
    vers: Parcours | None
    unites: list[tuple[Unite, str, int]]

    @property
    def vu(self) -> str:
        """Jeton : les unités et leurs noms, telles que la page les montre."""
        return jeton_des_unites(u for u, _, _ in self.unites)


@dataclass(slots=True)
class LectureEvenement:
    """Ce qui s'est passé, ce que cela touche, et les gestes un par un."""

    phrase: str
    parcours: list[Parcours]
    effets: list[str] = field(default_factory=list)
    gestes: list[Geste] = field(default_factory=list)


def jeton_des_unites(unites: Iterable[Unite]) -> str:
    """« 12:Unité de vie|13:… », de quoi dire si elles ont changé."""
    return "|".join(f"{u.pk}:{u.nom}" for u in unites)


def parcours_touches(evenement: EvenementEsms, par: Utilisateur) -> list[Parcours]:
    """Parcours de l'ESMS que ce lecteur lit, ceux du projet d'abord."""
    lignes = Parcours.objects.lisibles_par(par).filter(esms=evenement.esms_id)
    lus = list(lignes.select_related("esms__departement", "esms__og", "grappe", "solution"))
    return sorted(lus, key=lambda p: p.etat == EtatParcours.SORTI)


def peut_traiter(utilisateur: Utilisateur, touches: Iterable[Parcours]) -> Droit:
    """Donner suite : il suffit de le pouvoir sur un des parcours touchés."""
    droits = [peut_donner_suite(utilisateur, p) for p in touches]
    return next((d for d in droits if d), Droit(False, SUITE_RESERVEE))


# --- lire ----------------------------------------------------------------------------------------------------------


def lire(evenement: EvenementEsms, *, par: Utilisateur) -> LectureEvenement:
    """La page d'un événement pour ce lecteur."""
    touches = parcours_touches(evenement, par)
    presents = [p for p in touches if p.etat != EtatParcours.SORTI]
    lecture = LectureEvenement(_phrase(evenement), touches)
    composer = {
        NatureEvenement.FERMETURE: _fermeture,
        NatureEvenement.REOUVERTURE: _reouverture,
        NatureEvenement.FUSION: _fusion,
        NatureEvenement.OG: _changement_d_og,
    }[NatureEvenement(evenement.nature)]
    composer(lecture, evenement, touches if evenement.nature == NatureEvenement.REOUVERTURE else presents, par)
    if evenement.traite_le:
        lecture.gestes = [g for g in lecture.gestes if g.tardif]
    return lecture


def _phrase(evenement: EvenementEsms) -> str:
    quand = f" le {date_courte(evenement.date_effet)}" if evenement.date_effet else ""
    source = "déclaré à la main" if evenement.nature == NatureEvenement.FUSION else "lu dans FINESS"
    faits = {
        NatureEvenement.FERMETURE: "a fermé",
        NatureEvenement.REOUVERTURE: "a rouvert",
        NatureEvenement.FUSION: f"a été absorbé par « {evenement.esms.remplace_par} »",
        NatureEvenement.OG: "a changé d'organisme gestionnaire",
    }
    fait = faits[NatureEvenement(evenement.nature)]
    return f"« {evenement.esms} » {fait}{quand} ({source}, noté le {date_courte(evenement.enregistre_le.date())})."


def _sortir(p: Parcours, par: Utilisateur, raison: MotifSortie, texte: str, motif: str) -> Geste:
    titre = f"Sortir « {p} » du projet ({p.grappe})"
    if not peut_conduire(par, p):
        return Geste(titre, texte, a_qui=f"Ce geste revient au chef de projet de la grappe {p.grappe}.")
    url = reverse("programme:passage", args=["parcours", p.pk, "sortir"])
    return Geste(titre, texte, "Sortir du projet", f"{url}?raison={raison.value}&motif={motif}")


def _fermeture(lecture: LectureEvenement, evenement: EvenementEsms, presents: list[Parcours], par: Utilisateur) -> None:
    for p in presents:
        ouvertes = Ouverture.objects.au_perimetre().filter(unite__parcours=p, ouverte_le__isnull=False).count()
        suite = f", {accorde(ouvertes, 'module ouvert,modules ouverts')} dans ses unités" if ouvertes else ""
        lecture.effets.append(
            f"Grappe {p.grappe} : il est encore à l'état « {p.get_etat_display().lower()} »{suite}. "
            "Tant qu'il y reste, il compte parmi les ESMS du projet et ses dates courent."
        )
        texte = "Son histoire reste lisible, ses dates s'arrêtent ; il se réintègre s'il rouvre."
        lecture.gestes.append(_sortir(p, par, MotifSortie.FERMETURE, texte, "Fermeture lue dans FINESS"))


def _reouverture(
    lecture: LectureEvenement, evenement: EvenementEsms, touches: list[Parcours], par: Utilisateur
) -> None:
    for p in touches:
        if p.etat != EtatParcours.SORTI or p.motif_sortie != MotifSortie.FERMETURE:
            continue
        lecture.effets.append(f"Grappe {p.grappe} : il en était sorti pour fermeture.")
        titre, texte = f"Réintégrer « {p} » ({p.grappe})", "Il reprend là où il en était."
        if peut_conduire(par, p):
            url = reverse("programme:passage", args=["parcours", p.pk, "reintegrer"])
            lecture.gestes.append(Geste(titre, texte, "Réintégrer", f"{url}?motif=Réouverture lue dans FINESS"))
        else:
            a_qui = f"Ce geste revient au chef de projet de la grappe {p.grappe}."
            lecture.gestes.append(Geste(titre, texte, a_qui=a_qui))


def _fusion(lecture: LectureEvenement, evenement: EvenementEsms, presents: list[Parcours], par: Utilisateur) -> None:
    absorbant = evenement.esms.remplace_par
    lecture.effets.append(
        f"Le numéro {pour_lecture(evenement.esms.finess)} reste comme ancien FINESS de « {absorbant} ». "
        "Rien d'autre n'a été fusionné."
    )
    for arrivee in arrivees(evenement, par):
        p, nombre = arrivee.parcours, accorde(len(arrivee.unites), "unité arrive,unités arrivent")
        ou = "dont l'état ne change pas" if arrivee.vers else "qui entrera dans la grappe, à l'état « recensé »"
        titre = f"Faire arriver ses unités chez « {absorbant} » ({p.grappe})"
        texte = f"{nombre} avec leurs ouvertures, leurs dates et leur journal chez « {absorbant} », {ou}."
        if peut_conduire(par, p):
            url = f"{reverse('programme:evenement-detail', args=[evenement.pk])}?unites={p.pk}"
            lecture.gestes.append(Geste(titre, texte, "Voir l'aperçu", url))
        else:
            a_qui = f"Ce geste revient au chef de projet de la grappe {p.grappe}."
            lecture.gestes.append(Geste(titre, texte, a_qui=a_qui))
    for suite in suivantes(evenement, lecture.parcours):
        lecture.gestes.append(_faire_suivre(evenement, suite, par))
    for p in presents:
        texte = "À faire une fois ses unités arrivées. Ses dates et ses faits restent lisibles sur sa page."
        lecture.gestes.append(_sortir(p, par, MotifSortie.FUSION, texte, f"Absorbé par {absorbant}"))


def _faire_suivre(evenement: EvenementEsms, suite: Suivantes, par: Utilisateur) -> Geste:
    """Ses actions ouvertes chez celui qui continue : le lien de l'aperçu, ou pourquoi ce n'est pas maintenant."""
    p, nombre = suite.parcours, accorde(len(suite.actions), "action ouverte,actions ouvertes")
    titre = f"Faire suivre {nombre} chez « {suite.absorbant} » ({p.grappe})"
    texte = "Sinon, elles restent chez lui ; elles se terminent ou s'abandonnent une à une depuis la page « Actions »."
    if not peut_conduire(par, p):
        return Geste(titre, texte, a_qui=f"Ce geste revient au chef de projet de la grappe {p.grappe}.", tardif=True)
    if suite.vers is None:
        return Geste(titre, texte, a_qui=PAS_ENCORE.format(suite.absorbant), tardif=True)
    url = f"{reverse('programme:evenement-detail', args=[evenement.pk])}?actions={p.pk}"
    return Geste(titre, texte, "Voir l'aperçu", url, tardif=True)


def _changement_d_og(
    lecture: LectureEvenement, evenement: EvenementEsms, presents: list[Parcours], par: Utilisateur
) -> None:
    ancien = OrganismeGestionnaire.objects.filter(finess=evenement.avant).first() if evenement.avant else None
    nouveau = evenement.esms.og
    if ancien:
        lecture.effets.append(f"{_siege(ancien)} ne le voit plus et ne peut plus répondre pour lui.")
    if nouveau:
        lecture.effets.append(f"{_siege(nouveau)} le voit désormais et répond pour lui.")
    for p in presents:
        lecture.effets.append(f"Grappe {p.grappe} : il y reste, à l'état « {p.get_etat_display().lower()} ».")
    groupes = Groupe.objects.filter(esms=evenement.esms).exclude(og=nouveau).select_related("og")
    for groupe in groupes:
        titre = f"Le retirer du groupe « {groupe} »"
        texte = f"Ce groupe est de {groupe.og} : qui le dirige ou y répond garde la main sur cet ESMS tant qu'il y est."
        if peut_grouper(par, groupe):
            url = reverse("programme:groupe-modifier", args=[groupe.pk])
            lecture.gestes.append(Geste(titre, texte, "Ouvrir le groupe", url))
        else:
            a_qui = f"Ce geste revient au siège de {groupe.og} ou à l'administrateur."
            lecture.gestes.append(Geste(titre, texte, a_qui=a_qui))
    for p in presents:
        texte = "Seulement si le nouvel organisme ne poursuit pas le projet ; sinon, gardez-le et prenez-en acte."
        lecture.gestes.append(_sortir(p, par, MotifSortie.TRANSFERT, texte, "Changement d'organisme gestionnaire"))


def _siege(og: OrganismeGestionnaire) -> str:
    """« Le siège de l'association X (2 comptes) » : combien, jamais qui, car le lecteur ne les voit pas tous."""
    sieges = Affectation.objects.en_cours(timezone.localdate()).filter(role=Role.SIEGE, og=og)
    nombre = sieges.values("utilisateur").distinct().count()
    return f"Le siège de {og} ({accorde(nombre, 'compte') if nombre else 'aucun compte encore'})"


# --- fusion : les unités arrivent ----------------------------------------------------------------------------------


def arrivees(evenement: EvenementEsms, par: Utilisateur) -> list[Arrivee]:
    """Pour chaque parcours lu de l'absorbé qui a encore des unités : où elles iraient, et sous quel nom."""
    absorbant = evenement.esms.remplace_par
    if evenement.nature != NatureEvenement.FUSION or absorbant is None:
        return []
    lues = [_arrivee(p, absorbant) for p in parcours_touches(evenement, par)]
    return [a for a in lues if a.unites]


def _arrivee(parcours: Parcours, absorbant: Esms) -> Arrivee:
    vers = Parcours.objects.filter(esms=absorbant, grappe=parcours.grappe_id).dans_le_projet().first()
    presentes = list(vers.unites.values_list("nom", flat=True)) if vers else []
    unites = list(parcours.unites.prefetch_related("ouvertures"))
    noms = noms_distincts(
        {u.pk: u.nom for u in unites}, presentes, absorbe=parcours.esms.nom, par_defaut=UNITE_PAR_DEFAUT
    )
    ouvertes = {u.pk: sum(o.ouverte_le is not None for o in u.ouvertures.all()) for u in unites}
    return Arrivee(parcours, absorbant, vers, [(u, noms[u.pk], ouvertes[u.pk]) for u in unites])


@transaction.atomic
def deplacer_les_unites(
    *, evenement: EvenementEsms, parcours: Parcours, par: Utilisateur, vu: str | None = None
) -> Arrivee:
    """Fait arriver les unités d'un ESMS absorbé dans le parcours de celui qui continue, même grappe ; tout ou rien.

    Chaque unité garde ses ouvertures, leurs états et leur journal ; un nom déjà pris est rendu distinct. Le parcours de
    l'absorbant est créé s'il n'existe pas. `vu` : `Arrivee.vu` de l'aperçu. Lève `Refus` (droit, etat, concurrence).
    """
    evenement = EvenementEsms.objects.select_for_update(of=("self",)).get(pk=evenement.pk)
    lignes = Parcours.objects.select_for_update(of=("self",)).select_related("esms__departement", "grappe", "solution")
    source = lignes.get(pk=parcours.pk, esms=evenement.esms_id)
    exiger(peut_conduire(par, source))
    absorbant = evenement.esms.remplace_par
    if evenement.nature != NatureEvenement.FUSION or absorbant is None:
        raise Refus("etat", "Cet événement n'est pas une fusion : ses unités restent où elles sont.")
    arrivee = _arrivee(source, absorbant)
    if vu is not None and vu != arrivee.vu:
        raise Refus("concurrence", ENTRE_TEMPS)
    if not arrivee.unites:
        raise Refus("etat", f"« {source} » n'a plus d'unité : elles sont déjà arrivées.")
    arrivee.vers = arrivee.vers or _faire_entrer(source, absorbant, par)
    Parcours.objects.select_for_update(of=("self",)).get(pk=arrivee.vers.pk)
    dernier = max(arrivee.vers.unites.values_list("ordre", flat=True), default=0)
    for rang, (unite, nom, _) in enumerate(arrivee.unites, start=1):
        unite.parcours, unite.nom, unite.ordre = arrivee.vers, nom, dernier + rang
        valider(unite)
        unite.save()
    noter = f"{accorde(len(arrivee.unites), 'unité arrivée,unités arrivées')} chez « {absorbant} »."
    evenement.suite = f"{evenement.suite} {noter}".strip()[:300]
    evenement.save(update_fields=["suite"])
    return arrivee


def _faire_entrer(source: Parcours, absorbant: Esms, par: Utilisateur) -> Parcours:
    """L'absorbant entre dans la grappe sans l'unité d'office d'un nouvel ESMS : celles de l'absorbé arrivent."""
    absorbant = Esms.objects.select_related("departement").get(pk=absorbant.pk)
    entres = ajouter_esms(
        grappe=source.grappe, esms=[absorbant], par=par, type_projet=source.type_projet, solution=source.solution
    )
    entres[0].unites.all().delete()
    return entres[0]


# --- prendre acte --------------------------------------------------------------------------------------------------


@transaction.atomic
def prendre_acte(*, evenement: EvenementEsms, suite: str, par: Utilisateur) -> EvenementEsms:
    """Consigne la suite donnée, en une ligne ; l'événement n'attend plus. Lève `Refus` (droit, champ, concurrence)."""
    evenement = EvenementEsms.objects.select_for_update(of=("self",)).select_related("esms").get(pk=evenement.pk)
    exiger(peut_traiter(par, parcours_touches(evenement, par)))
    if evenement.traite_le:
        qui = evenement.traite_par or "une autre personne"
        raise Refus("concurrence", f"Entre-temps, {qui} a donné suite : « {evenement.suite} ».")
    if not suite.strip():
        raise Refus("champ", "suite", champs={"suite": ["Dites en une ligne ce que vous avez décidé."]})
    evenement.suite, evenement.traite_par, evenement.traite_le = suite, par, timezone.now()
    valider(evenement, exclure=[f.name for f in EvenementEsms._meta.fields if f.name != "suite"])
    evenement.save(update_fields=["suite", "traite_par", "traite_le"])
    return evenement


def a_traiter_pour(utilisateur: Utilisateur) -> list[tuple[EvenementEsms, Parcours]]:
    """Ce qui attend une suite que ce compte peut donner, avec un parcours touché ; deux requêtes."""
    lignes = EvenementEsms.objects.visibles_par(utilisateur).a_traiter()
    attente = list(lignes.select_related("esms__remplace_par").order_by("date_effet", "pk"))
    touches: dict[int, Parcours] = {}
    if attente:
        parcours = Parcours.objects.lisibles_par(utilisateur).filter(esms__in={e.esms_id for e in attente})
        for p in parcours.select_related("esms__departement", "grappe"):
            if peut_donner_suite(utilisateur, p):
                touches.setdefault(p.esms_id, p)
    return [(e, touches[e.esms_id]) for e in attente if e.esms_id in touches]


def en_mots(evenements: Iterable[Any]) -> str:
    """« un ESMS a fermé et 2 ESMS ont changé d'OG »."""
    comptes: dict[str, int] = {}
    for evenement in evenements:
        comptes[evenement.nature] = comptes.get(evenement.nature, 0) + 1
    return liste(FAITS[NatureEvenement(n)][nombre > 1].format(nombre) for n, nombre in comptes.items())


FAITS = {
    NatureEvenement.FERMETURE: ("un ESMS a fermé", "{} ESMS ont fermé"),
    NatureEvenement.FUSION: ("un ESMS en a rejoint un autre", "{} ESMS en ont rejoint un autre"),
    NatureEvenement.OG: ("un ESMS a changé d'OG", "{} ESMS ont changé d'OG"),
    NatureEvenement.REOUVERTURE: ("un ESMS a rouvert", "{} ESMS ont rouvert"),
}
