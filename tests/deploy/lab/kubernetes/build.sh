#!/usr/bin/env bash
# Builds what a test of manifests needs and no package has: `build.sh [COMMAND…]`, all by default.
# Kubernetes' commands from the pinned module beside this file, helm and coredns by their version.
# What is there in its version is left alone. The flags never change: Go's cache is keyed by them.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

kubernetes=1.36.3
helm=v4.3.1
coredns=v1.15.0
tools="${KENTONGAN_TOOLS:-$HOME/.cache/kentongan/tools}"
commands="$tools/kubernetes-$kubernetes"
bin="$tools/bin"
export CGO_ENABLED=0 GOFLAGS=-mod=readonly
mkdir -p "$commands" "$bin"

build_kubernetes() {
    [ -x "$commands/$1" ] && return
    echo "building $1 $kubernetes" >&2
    local package=k8s.io/component-base/version version="${kubernetes%.*}"
    (cd "$here" && nice -n 5 go build -p 2 -trimpath -ldflags "-s -w -X $package.gitVersion=v$kubernetes -X $package.gitMajor=${version%.*} -X $package.gitMinor=${version#*.} -X $package.gitTreeState=clean" -o "$commands/" "k8s.io/kubernetes/cmd/$1")
}

install_module() {
    local name=$1 module=$2 package=$3 version=$4
    if [ -x "$bin/$name" ] && go version -m "$bin/$name" | grep -qP "^\tmod\t\Q$module\E\t\Q$version\E\t"; then
        return
    fi
    echo "building $name $version" >&2
    GOBIN="$bin" GOFLAGS='' nice -n 5 go install "$package@$version"
}

[ $# -gt 0 ] || set -- kube-apiserver kubectl kube-controller-manager kube-scheduler kubelet kube-proxy helm coredns
for command in "$@"; do
    case "$command" in
    helm) install_module helm helm.sh/helm/v4 helm.sh/helm/v4/cmd/helm "$helm" ;;
    coredns) install_module coredns github.com/coredns/coredns github.com/coredns/coredns "$coredns" ;;
    *) build_kubernetes "$command" ;;
    esac
done
