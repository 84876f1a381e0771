"""Une étape qui classe et donne des places ; et le formulaire de chaque genre d'étape."""

from collections.abc import Mapping
from typing import Any

from django import forms

from usages.calculs.faits_entonnoir import CONNUS, valeurs_de
from usages.enums import GenreEtape
from usages.forms.etudes_etapes import CHOISIR, EtapeForm, ExceptionsForm, FiltreForm, PassageForm

SANS_POIDS = "Donnez l'échelle et le poids, au-dessus de zéro."
SANS_MOTIF = "Un cas gardé exprès dit pourquoi."


class SelectionForm(EtapeForm):
    """Un classement et des places."""

    places = forms.IntegerField(
        label="Places", min_value=1, max_value=12, initial=6, error_messages={"required": "Dites combien de places."}
    )
    familles = (
        ("c", "Critères", "Chacun lit une note, sur tant, et pèse tant dans le total. Il en faut un."),
        ("d", "À égalité", "Ce qui départage deux notes égales, dans l’ordre. En dernier : l’ordre des identifiants."),
        ("q", "Quotas", "Tant de places au moins pour une valeur d’un fait : deux « Personnes âgées »."),
        ("m", "Diversité", "Tant au plus pour une même valeur : deux « de la même région »."),
        ("g", "Cas de contraste", "Gardés exprès, quel que soit leur rang, parce que leur difficulté apprend."),
    )

    def poser_les_champs(self) -> None:
        """Critères, départages, quotas, plafonds, cas gardés."""
        regle, partage = self.definition.get("regle", {}), self.definition.get("partage", {})
        self.initial.setdefault("places", partage.get("places", 6))
        criteres = [dict(zip(("fait", "libelle", "sur", "poids"), c, strict=False)) for c in regle.get("criteres", [])]
        departs = [dict(zip(("fait", "libelle", "petit"), d, strict=False)) for d in regle.get("departages", [])]
        quotas = [{"fait_valeur": f"{q[0]}={q[1]}", "nombre": q[2], "libelle": q[3]} for q in partage.get("quotas", [])]
        plafonds = [dict(zip(("fait", "au_plus", "libelle"), p, strict=False)) for p in partage.get("plafonds", [])]
        gardes = [{"ref": ref, "motif": m} for ref, m in (partage.get("gardes") or {}).items()]
        faits = self.choix_de_faits(x["fait"] for x in (*criteres, *departs, *plafonds))
        self._lignes_de_classement(faits, criteres, departs)
        self._lignes_de_places(faits, quotas, plafonds, gardes)

    def _lignes_de_classement(self, faits: Any, criteres: Any, departs: Any) -> None:
        self.ajouter_les_lignes(
            "c",
            criteres,
            lambda: {
                "fait": forms.ChoiceField(label="Note", choices=faits),
                "libelle": forms.CharField(label="Libellé", max_length=80),
                "sur": forms.IntegerField(label="Sur", min_value=1, max_value=1000),
                "poids": forms.IntegerField(label="Poids", min_value=1, max_value=1000),
            },
        )
        self.ajouter_les_lignes(
            "d",
            departs,
            lambda: {
                "fait": forms.ChoiceField(label="Fait", choices=faits),
                "libelle": forms.CharField(label="Libellé", max_length=80),
                "petit": forms.BooleanField(label="Le plus petit devant"),
            },
        )

    def _lignes_de_places(self, faits: Any, quotas: Any, plafonds: Any, gardes: Any) -> None:
        valeurs = self._valeurs_de_quota(quotas)
        refs = [("", "Choisir…"), *((u.ref, u.nom) for u in self.unites[:200])]
        refs += [(g["ref"], g["ref"]) for g in gardes if g["ref"] not in dict(refs)]
        self.ajouter_les_lignes(
            "q",
            quotas,
            lambda: {
                "fait_valeur": forms.ChoiceField(label="Pour", choices=valeurs),
                "nombre": forms.IntegerField(label="Places au moins", min_value=1, max_value=12),
                "libelle": forms.CharField(label="Libellé", max_length=80),
            },
        )
        self.ajouter_les_lignes(
            "m",
            plafonds,
            lambda: {
                "fait": forms.ChoiceField(label="Même…", choices=faits),
                "au_plus": forms.IntegerField(label="Au plus", min_value=1, max_value=12),
                "libelle": forms.CharField(label="Se dit", max_length=80, help_text="« de la même région »."),
            },
        )
        self.ajouter_les_lignes(
            "g",
            gardes,
            lambda: {
                "ref": forms.ChoiceField(label="Unité", choices=refs),
                "motif": forms.CharField(label="Pourquoi on la garde", max_length=240),
            },
        )

    def _valeurs_de_quota(self, quotas: Any) -> list[tuple[str, str]]:
        """« secteur : Domicile » : les valeurs que portent les unités, et celles qu'on connaît d'avance."""
        rendu: dict[str, str] = {}
        for code, libelle in self.faits:
            if code in ("finess", "projet"):
                continue
            connues = dict(CONNUS[code].valeurs) if code in CONNUS else {}
            for valeur, mot in {**connues, **dict(valeurs_de(self.unites, code))}.items():
                rendu[f"{code}={valeur}"] = f"{libelle} : {mot}"
        # Des notes, toutes différentes, feraient une liste sans fin.
        rendu = {k: v for k, v in rendu.items() if not k.split("=", 1)[1].replace(".", "").isdecimal()}
        rendu |= {q["fait_valeur"]: q["libelle"] for q in quotas if q["fait_valeur"] not in rendu}
        return [CHOISIR, *rendu.items()]

    def clean(self) -> dict[str, Any]:
        """Un critère au moins, des nombres partout, un motif par cas gardé."""
        propre: Any = super().clean()
        if not self.errors and not self.lignes("c"):
            self.add_error("c-0-fait", "Un classement demande au moins un critère.")
        for prefixe, noms, faute in (
            ("c", ("sur", "poids"), SANS_POIDS),
            ("q", ("nombre",), "Dites combien de places."),
            ("m", ("au_plus",), "Dites combien au plus."),
            ("g", ("motif",), SANS_MOTIF),
        ):
            for i, lue in self.lignes(prefixe):
                for nom in noms:
                    if not lue.get(nom) and f"{prefixe}-{i}-{nom}" not in self.errors:
                        self.add_error(f"{prefixe}-{i}-{nom}", faute)
        return propre

    def definition_saisie(self) -> dict[str, Any]:
        """La règle et les places."""
        mots = dict(self.choix_de_faits())
        criteres = [
            [c["fait"], c["libelle"] or mots.get(c["fait"], c["fait"]), c["sur"], c["poids"]]
            for _, c in self.lignes("c")
        ]
        departs = [
            [d["fait"], d["libelle"] or mots.get(d["fait"], d["fait"]), bool(d.get("petit"))]
            for _, d in self.lignes("d")
        ]
        return {"regle": {"criteres": criteres, "departages": departs}, "partage": self._partage(mots)}

    def _partage(self, mots: Mapping[str, str]) -> dict[str, Any]:
        avant = {f"{q[0]}={q[1]}": q for q in self.definition.get("partage", {}).get("quotas", [])}
        dits = dict(self._valeurs_de_quota([]))
        quotas = []
        for _, q in self.lignes("q"):
            fait, _, valeur = q["fait_valeur"].partition("=")
            libelle = q["libelle"] or dits.get(q["fait_valeur"], valeur).rpartition(" : ")[2]
            de = avant.get(q["fait_valeur"], [0, 0, 0, 0, "de son secteur" if fait == "secteur" else "de son groupe"])[
                4
            ]
            quotas.append([fait, valeur, q["nombre"], libelle, de])
        plafonds = [
            [m["fait"], m["au_plus"], m["libelle"] or f"de même {mots.get(m['fait'], m['fait'])}"]
            for _, m in self.lignes("m")
        ]
        gardes = {g["ref"]: g["motif"] for _, g in self.lignes("g")}
        return {"places": self.cleaned_data["places"], "quotas": quotas, "plafonds": plafonds, "gardes": gardes}


FORMULAIRES: Mapping[str, type[EtapeForm]] = {
    GenreEtape.FILTRE: FiltreForm,
    GenreEtape.PASSAGE: PassageForm,
    GenreEtape.EXCEPTIONS: ExceptionsForm,
    GenreEtape.SELECTION: SelectionForm,
}
