// Package door is where a running bot answers the commands of its machine if its store is no file beside which its socket
// could lie: in a folder that belongs to its user alone. Nothing on the machine is needed but one place that can be written to.
package door

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Run is where whoever runs Latchkey makes room for it: systemd (RuntimeDirectory=latchkey), or a mount in a container whose own
// files can't be written.
const Run = "/run/latchkey"

// longest is how long the path of a socket may be: what every system takes, one byte for the end.
const longest = 103

// settled is how old a socket is that nobody listens at because its process is gone, and not because it is just being made.
const settled = time.Minute

// House is a store whose bots are to be found: by the store itself, or, where a command doesn't know that because the secret in
// its address is not told to it, by the file that configures both.
type House struct{ Store, Config string }

// name begins the names of a house's sockets.
func (h House) name() string { return key(h.Store) + "-" + key(h.Config) + "-" }

func key(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:5])
}

// has tells whether a socket is of the house.
func (h House) has(socket string) bool {
	parts := strings.Split(filepath.Base(socket), "-")
	switch {
	case len(parts) != 3 || filepath.Ext(socket) != ".sock":
		return false
	case h.Store == "":
		return parts[1] == key(h.Config)
	}
	return parts[0] == key(h.Store)
}

// state is a volume of the image, which can be written to also where nothing else can.
const state = "/var/lib/latchkey"

// Places are where the sockets of this machine's bots may be, the best first. What the environment says of temporary files comes
// after what is the same for everybody: a command is started from another one than the bot.
func Places() []string { return []string{Run, "/tmp", os.TempDir(), state} }

// folder is the folder of a user in a place.
func folder(place string, user int) string {
	return filepath.Join(place, "latchkey-"+strconv.Itoa(user))
}

// Open listens at a new socket of the house, in the first place where that can be done so that nobody but this user can reach it.
func Open(places []string, h House) (net.Listener, error) {
	var failed error
	for _, place := range places {
		l, err := openIn(folder(place, os.Geteuid()), h)
		if err == nil {
			return l, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

func openIn(dir string, h House) (net.Listener, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := private(dir, os.Geteuid()); err != nil {
		return nil, err
	}
	sweep(dir)
	nonce := make([]byte, 4)
	_, _ = rand.Read(nonce) // it never fails
	path := filepath.Join(dir, h.name()+hex.EncodeToString(nonce)+".sock")
	if len(path) > longest {
		return nil, fmt.Errorf("%s is longer than a socket's path may be", path)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// private refuses a folder that is somebody else's, or that others can write to: whoever made it before could listen in it, or look on.
func private(dir string, user int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(owner.Uid) != user || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is not a folder that only the user %d can open: remove it", dir, user)
	}
	return nil
}

// sweep removes what processes left that are gone.
func sweep(dir string) {
	for _, path := range sockets(dir) {
		info, err := os.Lstat(path)
		if err == nil && time.Since(info.ModTime()) > settled && !answers(path) {
			_ = os.Remove(path)
		}
	}
}

// sockets are those in a folder.
func sockets(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(dir, "*.sock")) // the pattern is well-formed
	return all
}

func answers(path string) bool {
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close() // it was only to see whether somebody is there
	return true
}

// Find are the sockets of the house at which somebody listens whom this user may believe: they lie where nobody but this user can
// write. Root also finds the bots of others, where whoever runs the machine has made room for them.
func Find(places []string, h House) (found []string) {
	for _, dir := range believed(places) {
		for _, path := range sockets(dir) {
			if h.has(path) && answers(path) && !slices.Contains(found, path) {
				found = append(found, path)
			}
		}
	}
	return found
}

func believed(places []string) (dirs []string) {
	user := os.Geteuid()
	for _, place := range places {
		if dir := folder(place, user); private(dir, user) == nil {
			dirs = append(dirs, dir)
		}
		if user != 0 || shared(place) {
			continue
		}
		all, _ := filepath.Glob(filepath.Join(place, "latchkey-*")) // the pattern is well-formed
		for _, dir := range all {
			owner, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), "latchkey-"))
			if err == nil && owner != user && private(dir, owner) == nil {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

// shared tells whether anybody may put something into a place.
func shared(place string) bool {
	info, err := os.Stat(place)
	return err != nil || info.Mode().Perm()&0o022 != 0
}
