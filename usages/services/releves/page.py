"""Un relevé tel qu'on le montre : ce qui reste à taper, ce qui est déjà là, les douze dernières valeurs de chacun.

Cinq requêtes, quel que soit le nombre de chiffres.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from programme.models import Utilisateur
from programme.socle.nombres import accorde, liste
from usages.calculs import parts
from usages.calculs.controles import grandeur, surprises
from usages.calculs.dire import a_taper, dire_chiffre, dire_court, dire_nombre
from usages.calculs.periodes import Periode
from usages.dessins.serie import Rang, Serie, dessiner
from usages.enums import Absence, Forme, Origine
from usages.models import Indicateur, Precision, Releve, Valeur
from usages.services.chiffres.feuilles import jeton, paire

EN_VUE = 12
"""Valeurs montrées, celle du relevé comprise."""
CHAMPS = ("n", "d", "m", "t", "c", "r")
"""Ce qu'un chiffre tient dans la page : nombre, sur combien, pourquoi il manque, texte, mot, raison."""


def dire(valeur: Valeur) -> str:
    """Ce que dit ce chiffre."""
    return dire_chiffre(
        valeur.indicateur, valeur.numerateur, valeur.denominateur, motif=valeur.motif, texte=valeur.texte
    )


@dataclass(slots=True)
class Chiffre:
    """Un chiffre d'un relevé, et ce qu'il faut pour le lire, le taper, en douter."""

    valeur: Valeur
    serie: Serie
    avant: Valeur | None = None
    partage: bool = False
    """Vrai s'il se rapporte à un nombre tapé une fois, plus haut dans la page : `commun`, s'il est donné."""
    commun: Decimal | None = None
    precision: Precision | None = None
    fautes: list[str] = field(default_factory=list)
    croisee: str = ""
    brut: dict[str, str] | None = None
    parts: list[Valeur] = field(default_factory=list)

    @property
    def indicateur(self) -> Indicateur:
        """Son indicateur."""
        return self.valeur.indicateur

    @property
    def code(self) -> str:
        """Ce qui le nomme dans la page."""
        return self.indicateur.code

    @property
    def dit(self) -> str:
        """« 30 sur 40, soit 75 % »."""
        return dire(self.valeur)

    @property
    def dit_parts(self) -> str:
        """« À préparer 3 · Ouverte 12 » ; vide si rien ne le détaille."""
        return parts.dire([(p.cle, p.numerateur or Decimal(0)) for p in self.parts], self.indicateur.parts)

    @property
    def dit_sur(self) -> str:
        """Le nombre partagé auquel il se rapporte, tel qu'il est donné."""
        return dire_nombre(self.indicateur, self.commun)

    @property
    def taux_dit(self) -> str:
        """Le taux d'un rapport."""
        return dire_court(self.indicateur, *paire(self.valeur))

    @property
    def dit_avant(self) -> str:
        """Ce que disait le relevé d'avant ; vide s'il n'y en a pas."""
        return dire(self.avant) if self.avant and self.avant.est_repondue else ""

    @property
    def dit_extrait(self) -> str:
        """Ce qui avait été extrait, quand on retient autre chose."""
        v = self.valeur
        return dire_chiffre(v.indicateur, v.extraite_numerateur, v.extraite_denominateur)

    @property
    def surprises(self) -> list[str]:
        """Ce qui demande un mot."""
        return surprises(self.indicateur, paire(self.valeur), paire(self.avant))

    @property
    def se_tape(self) -> bool:
        """Vrai s'il attend une main : ni calculé, ni importé, ni hors de ce que fait l'ESMS."""
        return self.indicateur.origine == Origine.SAISI and not self.est_hors_categorie

    @property
    def est_hors_categorie(self) -> bool:
        """Vrai si la catégorie de l'ESMS a dit, à l'ouverture, qu'il n'est pas concerné."""
        return self.valeur.motif == Absence.NON_CONCERNE and not self.valeur.origine

    @property
    def a_son_denominateur(self) -> bool:
        """Vrai s'il faut aussi taper sur combien."""
        return self.indicateur.forme == Forme.RAPPORT and not self.partage

    @property
    def est_texte(self) -> bool:
        """Vrai s'il s'écrit en mots."""
        return self.indicateur.forme == Forme.TEXTE

    @property
    def jeton(self) -> str:
        """Sa dernière écriture."""
        return jeton(self.valeur)

    @property
    def champs(self) -> dict[str, str]:
        """Ce que la page y met ; ce que la personne a tapé, si on le lui rend."""
        return self.brut or self.au_depart

    @property
    def au_depart(self) -> dict[str, str]:
        """Ce que la base en dit, comme on le taperait."""
        v = self.valeur
        sur = a_taper(v.denominateur) if self.a_son_denominateur else ""
        return dict(zip(CHAMPS, (a_taper(v.numerateur), sur, v.motif, v.texte, v.commentaire, v.raison), strict=True))

    @property
    def signature(self) -> str:
        """Ce que la page montrait : de quoi reconnaître ce qu'on n'a pas touché."""
        return signer(self.au_depart)


def signer(champs: dict[str, str]) -> str:
    """Les champs d'un chiffre, en une ligne."""
    return "|".join(champs.get(nom, "").strip().replace("\r\n", "\n") for nom in CHAMPS)


@dataclass(slots=True)
class Page:
    """Un relevé, ses chiffres dans l'ordre où on les lit ; ou plusieurs du même ESMS, qui se donnent ensemble.

    Réunis, ils sont de cadences différentes : un indicateur n'y est qu'une fois, et son code le nomme encore.
    """

    releve: Releve
    chiffres: list[Chiffre]
    releves: list[Releve]

    @property
    def plusieurs(self) -> bool:
        """Vrai si elle réunit plusieurs périodes."""
        return len(self.releves) > 1

    @property
    def nom(self) -> str:
        """« octobre 2026 et 3e trimestre 2026 »."""
        return liste([r.periode.nom for r in self.releves])

    @property
    def complement(self) -> str:
        """Après un nom : « d'octobre 2026 et du 3e trimestre 2026 »."""
        return liste([r.periode.complement for r in self.releves])

    @property
    def echeance(self) -> date:
        """Le premier jour attendu."""
        return min(r.echeance for r in self.releves)

    @property
    def avec(self) -> str:
        """Les relevés de la page, à rendre avec la saisie : elle ne s'écrit dans aucun autre."""
        return ",".join(str(r.pk) for r in self.releves)

    @property
    def a_taper(self) -> list[Chiffre]:
        """Ceux qui attendent une main, le nombre partagé avant ceux qui s'y rapportent."""
        return [c for c in self.chiffres if c.se_tape]

    @property
    def deja_la(self) -> list[Chiffre]:
        """Calculés, ou venus d'un fichier."""
        return [c for c in self.chiffres if not c.se_tape and not c.est_hors_categorie]

    @property
    def hors_categorie(self) -> list[Chiffre]:
        """Ce qui ne concerne pas cette catégorie d'ESMS."""
        return [c for c in self.chiffres if c.est_hors_categorie]

    @property
    def par_code(self) -> dict[str, Chiffre]:
        """Chacun par le code de son indicateur."""
        return {c.code: c for c in self.chiffres}

    @property
    def nb_restants(self) -> int:
        """Cases qui attendent encore une main."""
        return sum(1 for c in self.a_taper if not c.valeur.est_repondue)

    @property
    def nb_mots(self) -> int:
        """Chiffres qui surprennent, et que personne n'explique encore."""
        return sum(1 for c in self.chiffres if c.valeur.mot_attendu and not c.valeur.commentaire)

    @property
    def resume(self) -> str:
        """Ce qui reste, en une phrase."""
        if not self.chiffres:
            return "Aucun chiffre n'est attendu dans ce relevé."
        dits = []
        if self.nb_restants:
            dits.append(accorde(self.nb_restants, "chiffre à taper,chiffres à taper"))
        if self.nb_mots:
            dits.append(accorde(self.nb_mots, "mot à écrire,mots à écrire"))
        if not dits:
            return "Tout y est : il ne reste qu'à transmettre."
        return f"Il reste {' et '.join(dits)}."

    @property
    def duree(self) -> str:
        """Le temps que cela prend, sans flatter : vingt secondes par case, une minute au moins."""
        minutes = max(1, -(-20 * (self.nb_restants + self.nb_mots) // 60))
        return f"environ {accorde(minutes, 'minute')}"


def lire_page(releve: Releve, lecteur: Utilisateur) -> Page:
    """Le relevé, tel que cette personne le lit : au financeur, seulement les chiffres qu'on lui destine."""
    valeurs: Any = Valeur.objects.visibles_par(lecteur).select_related("indicateur", "ecrite_par")
    lues = list(valeurs.filter(releve=releve).order_by("indicateur__famille", "indicateur__rang", "indicateur", "cle"))
    totaux = [v for v in lues if not v.cle]
    for valeur in lues:
        valeur.releve = releve
    anciennes = lire_anciennes(releve, totaux, lecteur)
    precisions = {
        p.valeur_id: p
        for p in Precision.objects.visibles_par(lecteur)
        .pendantes()
        .filter(valeur__releve=releve)
        .select_related("demandee_par")
    }
    ici = {v.indicateur_id: v.numerateur for v in totaux}
    chiffres = [
        Chiffre(
            valeur,
            serie_de(valeur, anciennes.get(valeur.indicateur_id, {})),
            anciennes.get(valeur.indicateur_id, {}).get(releve.periode.precedente().debut),
            valeur.indicateur.denominateur_commun_id in ici,
            ici.get(valeur.indicateur.denominateur_commun_id or 0),
            precisions.get(valeur.pk),
            parts=_parts(valeur, lues),
        )
        for valeur in totaux
    ]
    return Page(releve, _ranges(chiffres), [releve])


def lire_ensemble(releves: Sequence[Releve], lecteur: Utilisateur) -> Page:
    """Les relevés qui se donnent ensemble, en une page ; cinq requêtes par relevé, trois au plus."""
    pages = [lire_page(releve, lecteur) for releve in releves]
    return Page(releves[0], [c for page in pages for c in page.chiffres], list(releves))


def poser_les_parts(totaux: Iterable[Any]) -> None:
    """Pose sur ces chiffres leurs `parts`, dans l'ordre du catalogue. Une requête."""
    connus = {(v.releve_id, v.indicateur_id): v for v in totaux}
    releves, indicateurs = ({cle[rang] for cle in connus} for rang in (0, 1))
    lues = Valeur.objects.exclude(cle="").filter(releve__in=releves, indicateur__in=indicateurs)
    siennes: dict[tuple[int, int], list[Valeur]] = {}
    for part in lues:
        siennes.setdefault((part.releve_id, part.indicateur_id), []).append(part)
    for cle, total in connus.items():
        lot = siennes.get(cle, [])
        for part in lot:
            part.indicateur = total.indicateur
        total.parts = _parts(total, lot)


def _parts(total: Valeur, lues: Iterable[Valeur]) -> list[Valeur]:
    """Ses parts, dans l'ordre du catalogue."""
    siennes = [v for v in lues if v.cle and v.indicateur_id == total.indicateur_id]
    return sorted(siennes, key=lambda v: parts.rang(v.cle, total.indicateur.parts))


def _ranges(chiffres: list[Chiffre]) -> list[Chiffre]:
    """L'ordre du catalogue, chaque nombre partagé juste avant ceux qui s'y rapportent."""
    rendu: list[Chiffre] = []
    for chiffre in chiffres:
        if chiffre.partage:
            continue
        rendu.append(chiffre)
        rendu += [c for c in chiffres if c.partage and c.indicateur.denominateur_commun_id == chiffre.indicateur.pk]
    return rendu


def periodes_en_vue(releve: Releve) -> list[Periode]:
    """Les douze dernières, celle du relevé comprise."""
    return releve.periode.dernieres(EN_VUE)


def lire_anciennes(releve: Releve, valeurs: Iterable[Valeur], lecteur: Utilisateur) -> dict[int, dict[date, Valeur]]:
    """Ce que le même ESMS disait avant, par indicateur puis par période. Une requête."""
    indicateurs = {v.indicateur_id: v.indicateur for v in valeurs}
    periodes = periodes_en_vue(releve)
    lues: Any = (
        Valeur.objects.visibles_par(lecteur)
        .totaux()
        .filter(
            releve__parcours=releve.parcours_id,
            releve__cadence=releve.cadence,
            releve__debut__range=(periodes[0].debut, periodes[-2].debut),
            indicateur__in=list(indicateurs),
        )
        .select_related("releve")
        .order_by("pk")
    )
    rendu: dict[int, dict[date, Valeur]] = {}
    for valeur in lues:
        valeur.indicateur = indicateurs[valeur.indicateur_id]
        rendu.setdefault(valeur.indicateur_id, {})[valeur.releve.debut] = valeur
    return rendu


def serie_de(valeur: Valeur, anciennes: dict[date, Valeur]) -> Serie:
    """Les douze dernières valeurs de ce chiffre."""
    indicateur, connues = valeur.indicateur, anciennes | {valeur.releve.debut: valeur}
    rangs = []
    for periode in periodes_en_vue(valeur.releve):
        v = connues.get(periode.debut)
        dit = dire(v) if v and v.est_repondue else "—"
        court = dire_court(indicateur, *paire(v)) if v and v.numerateur is not None else dit
        rangs.append(Rang(periode.nom, court, grandeur(indicateur, paire(v))))
    return dessiner(rangs, plein=Decimal(1) if indicateur.forme == Forme.RAPPORT else None)
