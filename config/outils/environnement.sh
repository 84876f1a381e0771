#!/usr/bin/env bash
# Crée .venv et y installe un verrou : « base » (exécution) ou « dev » (exécution, essais, qualité).
# La marque laissée dans .venv est une copie du verrou : tant qu'il n'a pas changé, il n'y a rien à refaire.
set -eu

cible=${1:-base}
case $cible in
    base) verrous=(requirements/base.txt) marque=.venv/.pret ;;
    dev) verrous=(requirements/base.txt requirements/dev.txt) marque=.venv/.pret-dev ;;
    *) echo "Cible « $cible » inconnue : écrire base ou dev." >&2; exit 2 ;;
esac

python_du_venv_marche() { .venv/bin/python -m pip --version >/dev/null 2>&1; }

choisir_python() {
    local candidat
    for candidat in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidat" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidat"
            return
        fi
    done
    echo "Treille demande Python 3.11 ou plus récent, introuvable ici (${PYTHON:-python3}) :" \
        "installez-le, ou donnez son chemin, par exemple « make demo PYTHON=python3.12 »." >&2
    exit 1
}

# Un python déplacé ou désinstallé laisse un .venv mort : la comparaison seule ne le verrait pas.
if [ -f "$marque" ] && cat "${verrous[@]}" | cmp -s - "$marque" && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

if ! python_du_venv_marche; then
    python=$(choisir_python)
    echo "Création de .venv avec $("$python" --version)…"
    if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
        echo "Python ne sait pas créer .venv : il lui manque le module venv" \
            "(sous Debian ou Ubuntu : apt-get install python3-venv)." >&2
        exit 1
    fi
fi

echo "Installation des dépendances ($cible), empreintes vérifiées…"
options=()
for verrou in "${verrous[@]}"; do options+=(-r "$verrou"); done
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${options[@]}"
cp requirements/base.txt .venv/.pret
cat "${verrous[@]}" >"$marque"
