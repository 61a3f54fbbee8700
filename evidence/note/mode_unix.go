//go:build unix

package note

import (
	"io/fs"
	"os"
	"syscall"
)

// closed reports whether nobody but Latchkey can read a file. One that belongs to
// somebody else, as secrets do that are mounted for a group, is read by its group.
func closed(info fs.FileInfo) bool {
	open := fs.FileMode(0o077)
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		open = 0o037
	}
	return info.Mode().Perm()&open == 0
}
