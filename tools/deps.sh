#!/bin/bash
# deps.sh GROUP...: install what the groups lack, with apt-get, as root; elsewhere say what to install.
#
#   base   what building, make test and make demo run: make, git, zstd, MariaDB's programs, gearmand, mydumper,
#          Python's venv
#   bench  what make bench runs besides
#   e2e    what make e2e runs besides: Django, and the models and migrations of OpenStack's Heat, Neutron and Nova for Debian's own
#          Python
#
# Nothing is done and nothing is said when nothing is missing. Only programs are wanted, never a running service: of
# MariaDB the packages without service files are taken, and what does bring a service is kept from starting it.
set -euo pipefail

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing=()  # what is not there
packages=() # the Debian packages that bring it

need() { # program package
	command -v "$1" >/dev/null || lacks "$1" "$2"
}

need_module() { # Python module, package; the system's Python, for which Debian packages it
	/usr/bin/python3 -c "import importlib.util as u, sys; sys.exit(u.find_spec('$1') is None)" 2>/dev/null ||
		lacks "Python module $1" "$2"
}

lacks() { # name package
	missing+=("$1")
	[[ " ${packages[*]-} " == *" $2 "* ]] || packages+=("$2")
}

for group in "$@"; do
	case $group in
	base)
		need make make
		need git git
		need zstd zstd
		need mariadbd mariadb-server-core
		need mariadb-install-db mariadb-server-core
		need mariadb mariadb-client
		need mariadb-dump mariadb-client
		need gearmand gearman-job-server
		need mydumper mydumper
		need_module ensurepip python3-venv
		;;
	bench)
		need python3 python3
		;;
	e2e)
		need_module heat python3-heat
		need_module neutron python3-neutron
		need_module nova python3-nova
		need_module pymysql python3-pymysql
		need_module django python3-django
		;;
	*)
		echo "usage: deps.sh base|bench|e2e..." >&2
		exit 64
		;;
	esac
done

((${#missing[@]})) || exit 0

list=$(printf '%s, ' "${missing[@]}")
echo "missing: ${list%, }" >&2
by_hand="on Debian: apt-get install --no-install-recommends ${packages[*]}"
if ! command -v apt-get >/dev/null; then
	echo "there is no apt-get here; install them yourself; $by_hand" >&2
	exit 1
fi
if ((EUID != 0)); then
	echo "only root may install packages; as root, $by_hand" >&2
	exit 1
fi

# While this file says so, no package starts a service.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
	trap 'rm -f "$policy"' EXIT
	trap 'exit 130' INT TERM
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
install() {
	apt-get install -y -q --no-install-recommends "${packages[@]}" </dev/null >"$log" 2>&1
}

echo "installing: ${packages[*]}" >&2
# The package lists of a fresh machine are empty or old: they are fetched once, when installing without fails.
if ! install; then
	echo "fetching the package lists" >&2
	apt-get update -q </dev/null >"$log" 2>&1 || true
	if ! install; then
		cat "$log" >&2
		rm -f "$log"
		echo "apt-get failed; the command was, $by_hand" >&2
		exit 1
	fi
fi
rm -f "$log"

# Debian has an installed service start at the next boot; nor is that wanted.
if [[ " ${packages[*]} " == *" gearman-job-server "* ]]; then
	DPKG_MAINTSCRIPT_PACKAGE=gearman-job-server deb-systemd-helper disable gearman-job-server.service >/dev/null 2>&1 || true
fi
