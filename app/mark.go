package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"

	"latchkey/store"
)

// storeMark is how far a store had come, written down beside it. A store that has not come
// as far was put in the place of a newer one. Whoever sets the whole folder back sets the
// mark back, too: then only what is anchored outside tells.
type storeMark struct {
	Log      string `json:"log"`
	Instance uint64 `json:"instance"` // of the newest start
	Events   uint64 `json:"events"`
}

// markName is where the mark of a store is; empty where the store is no file.
func markName(file string) string {
	if file == "" {
		return ""
	}
	return file + ".mark"
}

// markOf is how far a store has come.
func markOf(ctx context.Context, s store.Store) (m storeMark, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		signing, err := store.LoadSigning(tx)
		if err != nil {
			return err
		}
		m.Instance = signing.Instance
		if m.Log, err = store.LogName(tx); err != nil {
			return err
		}
		m.Events, err = tx.Size()
		return err
	})
	return m, err
}

// behindMark tells whether a store has not come as far as its mark. A mark of another log, or
// one that can't be read, says nothing.
func behindMark(ctx context.Context, file string, s store.Store) (bool, error) {
	if file == "" {
		return false, nil
	}
	raw, err := os.ReadFile(markName(file))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var was storeMark
	if err != nil || json.Unmarshal(raw, &was) != nil {
		return false, nil
	}
	now, err := markOf(ctx, s)
	return err == nil && now.Log == was.Log && (now.Instance < was.Instance || now.Events < was.Events), err
}

// mark writes down beside its file how far a store has come. Nothing but a warning depends on it.
func mark(ctx context.Context, file string, s store.Store, log *slog.Logger) {
	name := markName(file)
	if name == "" {
		return
	}
	m, err := markOf(context.WithoutCancel(ctx), s)
	if err == nil {
		err = putMark(name, m)
	}
	if err != nil {
		log.WarnContext(ctx, "how far the store has come can't be written down beside it", "file", name, "error", err)
	}
}

func putMark(name string, m storeMark) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", append(raw, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}
