#!/bin/bash
# Boots the machine's own systemd as process 1 of new namespaces, on a root of its own that holds nothing but /usr (read-only), the
# installed command, and the unit. The network is that of the machine, so that it reaches what the test runs on loopback.
#   boot.sh <empty folder> <folder for /etc> <folder for /opt> <folder for /var>
set -eu
root=$1 etc=$2 opt=$3 var=$4
mount --make-rprivate /
mount -t tmpfs -o mode=755 root "$root"
mkdir -p "$root"/{usr,etc,opt,var,run,tmp,proc,sys,dev,root,home}
mount --bind /usr "$root/usr"
# node, where a service looks for it
mount -t tmpfs bin "$root/usr/local/bin"
cp "$opt/node" "$root/usr/local/bin/node"
mount -o remount,bind,ro "$root/usr"
for link in bin sbin lib lib64; do [ -L "/$link" ] && ln -s "usr/$link" "$root/$link"; done
mount --bind "$etc" "$root/etc"
mount --bind "$opt" "$root/opt"
mount --bind "$var" "$root/var"
# nothing in here may change a setting of the machine's kernel
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --bind /sys "$root/sys"
mount -o remount,bind,ro "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs shm "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs run "$root/run"
mount -t tmpfs tmp "$root/tmp"
cd "$root"
mkdir old
pivot_root . old
umount -l /old
mount --make-rshared /
exec env -i container=docker PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --system --unit=audit-relay.service
