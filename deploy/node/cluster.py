"""A Kubernetes cluster of one node that runs pods, for the life of one process.

Everything runs in namespaces of its own (network, mounts, processes, cgroups): `enclosed` makes them and starts a
program in them; the program starts the servers with `Cluster`. When the program ends, however it ends, the kernel ends
every process, mount and interface in them, and `enclosed` removes the files and the cgroups.
"""
import ctypes
import ipaddress
import json
import os
import pathlib
import platform
import secrets
import shutil
import signal
import subprocess
import tarfile
import time

NODE = "ops-proxy-node"
NODE_ADDRESS = "10.88.0.1"
POD_RANGE = "10.244.0.0/24"
SERVICE_RANGE = "10.96.0.0/16"
SANDBOX_IMAGE = "ops-proxy.test/pause:1"
TOOLS_IMAGE = "ops-proxy.test/tools:1"

# What the node needs beside the programs of operator/kube/build, and the Debian package that has it.
COMMANDS = {
    "containerd": "containerd", "ctr": "containerd", "runc": "runc", "nft": "nftables", "ip": "iproute2",
    "busybox": "busybox", "openssl": "openssl", "unshare": "util-linux", "mount": "mount", "ldd": "libc-bin",
}
BRIDGE_PLUGIN = pathlib.Path("/usr/lib/cni/bridge")


class Missing(Exception):
    """Something that this machine must have and has not. The message says how to get it."""


def require(install=True):
    """Finds what is needed; with apt-get and `install`, brings packages that are missing."""
    if os.geteuid() != 0:
        raise Missing("needs root: it makes namespaces, mounts and network interfaces")
    if platform.system() != "Linux":
        raise Missing("needs Linux")
    packages = {package for command, package in COMMANDS.items() if not shutil.which(command)}
    if not BRIDGE_PLUGIN.exists():
        packages.add("containernetworking-plugins")
    if not packages:
        return
    how = "apt-get install " + " ".join(sorted(packages))
    if not install or not shutil.which("apt-get"):
        raise Missing(f"needs {how}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    subprocess.run(["apt-get", "update", "-q"], **quiet)
    if subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *sorted(packages)], **quiet).returncode:
        raise Missing(f"could not install what is needed: {how}")


# --- outside ----------------------------------------------------------------------------------

def hierarchies():
    """(mount point, controllers, path of this process) of each cgroup hierarchy; controllers is "" for version 2."""
    unified = pathlib.Path("/sys/fs/cgroup")
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers:
            yield unified / controllers.replace("name=", "", 1), controllers, path
        elif (unified / "cgroup.controllers").exists():
            yield unified, "", path
        elif (unified / "unified").exists():
            yield unified / "unified", "", path


def remove_group(group):
    """Once all processes in it have ended, which they do soon after they were killed."""
    for _ in range(200):
        for directory, _, _ in os.walk(group, topdown=False):
            try:
                os.rmdir(directory)
            except OSError:
                pass
        if not os.path.exists(group):
            return
        time.sleep(0.05)


def enclosed(command, directory):
    """Runs the command in namespaces of its own; its exit code. `directory` holds all files and is removed."""
    groups = []
    name = f"ops-proxy-node.{os.getpid()}"
    libc = ctypes.CDLL(None, use_errno=True)
    process = None

    def enter():
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: never outlives this process
        for group in groups:
            (group / "cgroup.procs").write_text("0")

    try:
        for mount, controllers, path in hierarchies():
            parent = mount / path.lstrip("/")
            for old in parent.glob("ops-proxy-node.*"):  # of a run that was killed
                if not pathlib.Path("/proc", old.name.rsplit(".", 1)[1]).exists():
                    remove_group(old)
            group = parent / name
            group.mkdir()
            groups.append(group)
            if "cpuset" in controllers.split(","):  # empty in a new group of version 1
                for file in ("cpuset.cpus", "cpuset.mems"):
                    (group / file).write_text((parent / file).read_text())
        # The shell reaps orphans, which a first process must; the end of unshare kills it, and it all processes.
        process = subprocess.Popen(
            ["unshare", "--cgroup", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc",
             "sh", "-c", '"$@"; exit $?', "sh", *command], stdin=subprocess.DEVNULL, preexec_fn=enter)
        return process.wait()
    finally:
        if process and process.poll() is None:
            process.kill()
            process.wait()
        for group in groups:
            remove_group(group)
        shutil.rmtree(directory, ignore_errors=True)


# --- inside -----------------------------------------------------------------------------------

def run(*command, **options):
    return subprocess.run([str(one) for one in command], check=True, stdin=subprocess.DEVNULL, **options)


class Cluster:
    """The servers of one node. `programs` has those that operator/kube/build made."""

    def __init__(self, programs, directory):
        self.programs = pathlib.Path(programs)
        self.directory = pathlib.Path(directory)
        self.servers = {}
        self.tokens = {}
        self.kubeconfig = self.directory / "admin.kubeconfig"

    def start(self):
        """Returns when pods can run on the node."""
        self.isolate()
        self.start_containerd()
        self.start_control_plane()
        self.import_image(self.busybox_image(SANDBOX_IMAGE, ["/bin/busybox", "sleep", "2147483647"]))
        self.import_image(self.busybox_image(TOOLS_IMAGE, ["/bin/busybox"]))
        self.start_node()
        self.wait("the node", lambda: self.node_ready())

    # -- the surroundings

    def isolate(self):
        run("mount", "--make-rprivate", "/")
        self.mount_cgroups()
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
        for path in ("var/log", "var/lib/kubelet", "var/lib/cni"):
            (self.directory / path).mkdir(parents=True)
            pathlib.Path("/", path).mkdir(parents=True, exist_ok=True)
            run("mount", "--bind", self.directory / path, f"/{path}")
        # Mounts that pods share with the kubelet.
        run("mount", "--make-rshared", "/")
        # The kubelet insists on these for the whole machine. It sees what it wants; the machine keeps its own.
        wanted = {"vm/overcommit_memory": 1, "vm/panic_on_oom": 0, "kernel/panic": 10, "kernel/panic_on_oops": 1,
                  "kernel/keys/root_maxkeys": 1000000, "kernel/keys/root_maxbytes": 25000000}
        for path, value in wanted.items():
            file = self.directory / path.replace("/", ".")
            file.write_text(f"{value}\n")
            run("mount", "--bind", file, f"/proc/sys/{path}")
        for arguments in ("link set lo up", "link add node0 type bridge", f"addr add {NODE_ADDRESS}/24 dev node0",
                          "link set node0 up", f"route add {SERVICE_RANGE} dev node0"):
            run("ip", *arguments.split())
        pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")

    @staticmethod
    def mount_cgroups():
        """Anew, so that the group of this process is their root."""
        present = [(mount, controllers) for mount, controllers, _ in hierarchies()]
        run("umount", "--lazy", "--recursive", "/sys/fs/cgroup")
        if [controllers for _, controllers in present] == [""]:
            root = pathlib.Path("/sys/fs/cgroup")
            run("mount", "-t", "cgroup2", "cgroup2", root)
            # A group that has processes cannot give its children controllers.
            (root / "servers").mkdir()
            for process in (root / "cgroup.procs").read_text().split():
                (root / "servers/cgroup.procs").write_text(process)
            for controller in (root / "cgroup.controllers").read_text().split():
                (root / "cgroup.subtree_control").write_text(f"+{controller}")
            return
        run("mount", "-t", "tmpfs", "tmpfs", "/sys/fs/cgroup")
        for mount, controllers in present:
            mount.mkdir()
            if controllers:
                run("mount", "-t", "cgroup", "-o", ("none," if "=" in controllers else "") + controllers, "cgroup", mount)
            else:
                run("mount", "-t", "cgroup2", "cgroup2", mount)

    # -- servers

    def launch(self, name, *command):
        log = open(self.directory / f"{name}.log", "wb")
        self.servers[name] = subprocess.Popen(
            [str(one) for one in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def program(self, name, *flags):
        self.launch(name, self.programs / name, *flags)

    def wait(self, what, condition, seconds=120):
        until = time.monotonic() + seconds
        while not condition():
            for name, process in self.servers.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended while {what} was awaited:\n{self.log_end(name)}")
            if time.monotonic() > until:
                raise RuntimeError(f"{what}: not within {seconds} s; " + " ".join(map(self.log_end, self.servers)))
            time.sleep(0.05)

    def log_end(self, name, lines=8):
        text = (self.directory / f"{name}.log").read_text(errors="replace").splitlines()
        return f"\n--- {name}\n" + "\n".join(text[-lines:])

    def start_containerd(self):
        (self.directory / "cni").mkdir()
        gateway = {"type": "bridge", "bridge": "pods0", "isGateway": True, "hairpinMode": True, "ipMasq": False,
                   "ipam": {"type": "host-local", "ranges": [[{"subnet": POD_RANGE}]], "routes": [{"dst": "0.0.0.0/0"}]}}
        (self.directory / "cni/pods.conflist").write_text(
            json.dumps({"cniVersion": "1.0.0", "name": "pods", "plugins": [gateway]}))
        (self.directory / "containerd.toml").write_text(f"""version = 2
root = "{self.directory}/containerd"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{SANDBOX_IMAGE}"
disable_apparmor = true
# Where CAP_SYS_RESOURCE is missing, as in many sandboxes, nobody may lower an oom_score_adj.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "{'overlayfs' if self.overlay_works() else 'native'}"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{BRIDGE_PLUGIN.parent}"
conf_dir = "{self.directory}/cni"
""")
        self.launch("containerd", "containerd", "--config", self.directory / "containerd.toml")
        self.wait("containerd", lambda: not subprocess.run(["ctr", "version"], capture_output=True).returncode)

    def overlay_works(self):
        """Not on top of another overlay, which is what a container has as its disk."""
        base = self.directory / "overlay"
        for name in ("lower", "upper", "work", "merged"):
            (base / name).mkdir(parents=True)
        options = f"lowerdir={base}/lower,upperdir={base}/upper,workdir={base}/work"
        mounted = not subprocess.run(
            ["mount", "-t", "overlay", "overlay", "-o", options, str(base / "merged")], capture_output=True).returncode
        if mounted:
            run("umount", base / "merged")
        return mounted

    def start_control_plane(self):
        here = self.directory
        users = {"admin": ("admin", "system:masters"), "controllers": ("controllers", "system:masters"),
                 "scheduler": ("system:kube-scheduler", ""), "proxy": ("system:kube-proxy", ""),
                 "dns": ("dns", "system:masters"), "kubelet": (f"system:node:{NODE}", "system:nodes")}
        with open(here / "tokens.csv", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as tokens:
            for key, (user, group) in users.items():
                self.tokens[key] = secrets.token_hex(16)
                tokens.write(f'{self.tokens[key]},{user},{user},"{group}"\n')
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", here / "accounts.key",
            capture_output=True)
        self.program("etcd", "--data-dir", here / "etcd", "--unsafe-no-fsync", "--log-level", "warn")
        # It makes its own certificate.
        self.program(
            "kube-apiserver", "--etcd-servers", "http://127.0.0.1:2379", "--cert-dir", here / "certificates",
            "--advertise-address", NODE_ADDRESS, "--token-auth-file", here / "tokens.csv",
            "--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction",
            "--service-cluster-ip-range", SERVICE_RANGE, "--allow-privileged",
            "--kubelet-preferred-address-types", "InternalIP",
            "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", here / "accounts.key",
            "--service-account-signing-key-file", here / "accounts.key")
        certificate = here / "certificates/apiserver.crt"
        self.wait("the certificate of the API server", certificate.exists)
        for key in self.tokens:
            self.write_kubeconfig(key, certificate)
        self.wait("the API server", lambda: not self.kubectl("get", "--raw", "/readyz", check=False).returncode)
        self.program(
            "kube-controller-manager", "--kubeconfig", here / "controllers.kubeconfig", "--leader-elect=false",
            "--secure-port", "0", "--root-ca-file", certificate, "--kube-api-qps", "200", "--kube-api-burst", "400",
            "--service-account-private-key-file", here / "accounts.key")
        self.program("kube-scheduler", "--kubeconfig", here / "scheduler.kubeconfig", "--leader-elect=false",
                     "--secure-port", "0")

    def write_kubeconfig(self, key, certificate):
        (self.directory / f"{key}.kubeconfig").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "node",
            "clusters": [{"name": "node", "cluster": {
                "server": "https://127.0.0.1:6443", "certificate-authority": str(certificate),
                "tls-server-name": "kubernetes.default.svc"}}],
            "users": [{"name": key, "user": {"token": self.tokens[key]}}],
            "contexts": [{"name": "node", "context": {"cluster": "node", "user": key}}]}))

    def start_node(self):
        here = self.directory
        (here / "kubelet.json").write_text(json.dumps({
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
            "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
            "cgroupDriver": "cgroupfs", "failCgroupV1": False, "failSwapOn": False, "oomScoreAdj": 0,
            "makeIPTablesUtilChains": False,
            # Nothing but this test reaches the network of the node.
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            # The disk of a test machine may be nearly full.
            "evictionHard": {one: "0%" for one in (
                "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree")},
            "imageGCHighThresholdPercent": 100, "resolvConf": "",
            "clusterDomain": "cluster.local", "clusterDNS": [NODE_ADDRESS]}))
        self.program("kubelet", "--config", here / "kubelet.json", "--kubeconfig", here / "kubelet.kubeconfig",
                     "--hostname-override", NODE, "--node-ip", NODE_ADDRESS)
        (here / "kube-proxy.json").write_text(json.dumps({
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration", "mode": "nftables",
            "hostnameOverride": NODE, "clusterCIDR": POD_RANGE, "oomScoreAdj": 0,
            "clientConnection": {"kubeconfig": str(here / "proxy.kubeconfig")},
            # These limits are the machine's.
            "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}}))
        self.program("kube-proxy", "--config", here / "kube-proxy.json")
        (here / "Corefile").write_text(
            f". {{\n  bind {NODE_ADDRESS}\n  errors\n  cache 5\n  kubernetes cluster.local in-addr.arpa {{\n"
            f"    kubeconfig {here}/dns.kubeconfig\n    ttl 5\n  }}\n}}\n")
        self.program("coredns", "-conf", here / "Corefile")

    def node_ready(self):
        found = self.kubectl("get", "node", NODE, "-o", "json", check=False)
        if found.returncode:
            return False
        node = json.loads(found.stdout)
        return not node["spec"].get("taints") and any(
            one["type"] == "Ready" and one["status"] == "True" for one in node["status"]["conditions"])

    # -- for those who use it

    def kubectl(self, *arguments, check=True, text=None, seconds=120):
        """Its output, as `subprocess.run` gives it; what it said is part of the error."""
        done = subprocess.run(
            [str(self.programs / "kubectl"), *map(str, arguments)], input=text, capture_output=True, text=True, timeout=seconds,
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": str(self.directory / "kubectl")})
        if check and done.returncode:
            raise RuntimeError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done

    def get(self, *arguments):
        return json.loads(self.kubectl("get", *arguments, "-o", "json").stdout)

    def import_image(self, archive, also=()):
        """Into the node; `also` are further tags for it."""
        before = self.images()
        run("ctr", "-n", "k8s.io", "images", "import", archive, capture_output=True)
        name = min(one for one in self.images() - before if not one.startswith("sha256:") and "@" not in one)
        for tag in also:
            other = f"{name.rsplit(':', 1)[0]}:{tag}"
            run("ctr", "-n", "k8s.io", "images", "tag", "--force", name, other, capture_output=True)

    @staticmethod
    def images():
        return set(run("ctr", "-n", "k8s.io", "images", "ls", "-q", capture_output=True, text=True).stdout.split())

    def busybox_image(self, name, entry):
        """An archive with the busybox of this machine in all its names."""
        import hashlib
        root = self.directory / name.replace("/", "-")
        (root / "bin").mkdir(parents=True)
        (root / "tmp").mkdir()
        busybox = shutil.which("busybox")
        shutil.copy(busybox, root / "bin/busybox")
        run(pathlib.Path(__file__).resolve().parent.parent / "images/libraries", root)
        for applet in run(busybox, "--list", capture_output=True, text=True).stdout.split():
            if applet != "busybox":
                (root / "bin" / applet).symlink_to("busybox")
        with tarfile.open(root / ".." / f"{root.name}.layer", "w") as layer:
            layer.add(root, ".")
        layer = root.parent / f"{root.name}.layer"
        digest = hashlib.sha256(layer.read_bytes()).hexdigest()
        architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
        config = root.parent / f"{root.name}.json"
        config.write_text(json.dumps({
            "architecture": architecture, "os": "linux", "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
            "config": {"Entrypoint": entry, "Env": ["PATH=/bin"]}}))
        manifest = root.parent / f"{root.name}.manifest"
        manifest.write_text(json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]))
        archive = root.parent / f"{root.name}.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(manifest, "manifest.json")
            tar.add(config, "config.json")
            tar.add(layer, "layer.tar")
        return archive


def service_address(service):
    """Of an object of kind Service: the address at which the node reaches it."""
    return str(ipaddress.ip_address(service["spec"]["clusterIP"]))
