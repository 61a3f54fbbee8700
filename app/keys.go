package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/config"
	"latchkey/evidence/note"
	"latchkey/store"
)

// keys are what the record is signed and checked with. With history Latchkey also
// works without a key to sign with: what is due ends, and everything that has to be
// recorded waits.
type keys struct {
	from  note.Source
	store store.Store
	now   func() time.Time

	mu  sync.Mutex
	has note.Keys
}

// beginKeys loads the keys and names the log of a new store after them. It is short,
// and finishes also for somebody who stops at once.
func beginKeys(ctx context.Context, c *config.Config, s store.Store, now func() time.Time) (*keys, error) {
	k := &keys{from: keySource(c), store: s, now: now}
	k.has = note.Load(k.from, now)
	name, err := logName(k.has, c.Jira.URL)
	if err != nil {
		return nil, err
	}
	return k, store.BeginLogNamed(ctx, s, name)
}

// logName is how a new log is called: as the key says that was made for it, or one of
// those that are trusted.
func logName(k note.Keys, site string) (string, error) {
	if k.Signer != nil {
		return k.Signer.Public().Name(), nil
	}
	if trusted := k.Trust.Keys(); len(trusted) > 0 {
		return trusted[0].Name(), nil
	}
	u, err := url.Parse(site)
	if err != nil {
		return "", fmt.Errorf("jira.url is no address: %w", err)
	}
	return store.NewLogName(u.Host)
}

// start is called before anything is done: it makes the key where there never was
// one, and counts the start. Without history a key has to be there after that.
func (k *keys) start(ctx context.Context, history bool) (changed *keyChange, err error) {
	ctx = context.WithoutCancel(ctx) // it is short, and finishes also for somebody who stops at once
	s, log, err := k.signing(ctx)
	if err != nil {
		return nil, err
	}
	if k.lacking(ctx) != nil && s.Key != "" { // another replica beside this one may have made it since
		k.load()
	}
	if k.lacking(ctx) != nil && s.Key == "" {
		if err := k.create(log); err != nil && !history {
			return nil, err
		}
	}
	if !history && k.lacking(ctx) != nil {
		return nil, k.lacking(ctx)
	}
	return k.took(ctx, s, log, 1, history)
}

// keyChange is that another key signs from now on.
type keyChange struct {
	old, now string // old is empty where this store has signed nothing yet
	agreed   bool   // the old key has signed that
	note     string
}

// took notes with which key this Latchkey signs, and that it is one more that works on
// the store. What was signed with another key before, or by a store that was lost, is to
// be signed anew.
func (k *keys) took(ctx context.Context, was store.Signing, log string, starts uint64, history bool) (changed *keyChange, err error) {
	signer := k.signer()
	now := ""
	if signer != nil {
		now = signer.Public().String()
	}
	switch {
	case now == "" || now == was.Key:
	case was.Key != "":
		if changed, err = k.change(ctx, was.Key, now, log); err != nil {
			return nil, err
		}
	case history:
		changed = &keyChange{now: now}
	}
	return changed, k.store.Update(ctx, func(tx store.Tx) error {
		s, err := store.LoadSigning(tx)
		if err != nil {
			return err
		}
		if starts > 0 { // a copy of this store that starts, too, gets another number
			s.Instance = max(s.Instance+starts, uint64(k.now().UnixMilli()))
		}
		if was.Key == "" && s.Key != "" && now != "" && s.Key != now {
			return errors.New("another replica has made a signing key of its own for this log meanwhile: make one with latchkey evidence key create, and give it to all of them")
		}
		if now != "" {
			s.Key = now
		}
		if changed != nil && changed.old != "" {
			e := access.Event{Kind: access.EventKeyReplaced, At: k.now().UTC(), Actor: access.System(), Note: changed.sentence() + "\n" + changed.note}
			if _, err := store.Append(tx, e); err != nil {
				return err
			}
		}
		return store.PutSigning(tx, s)
	})
}

// keyNote is what both keys sign when one takes the other's place.
type keyNote struct {
	Log string    `json:"log"`
	Old string    `json:"old"`
	New string    `json:"new"`
	At  time.Time `json:"at"`
}

func (k *keys) change(ctx context.Context, old, now, log string) (*keyChange, error) {
	text, err := note.Compose(note.KeyChange, keyNote{log, old, now, k.now().UTC()})
	if err != nil {
		return nil, err
	}
	c := &keyChange{old: old, now: now}
	if c.note, err = k.Sign(ctx, log, note.KeyChange, text); err != nil {
		return nil, err
	}
	was, err := note.ParsePublic(old)
	if err != nil {
		return nil, err
	}
	_, err = note.NewTrust(note.Trusted{Public: was}).Open(note.KeyChange, c.note)
	c.agreed = err == nil
	return c, nil
}

func (c *keyChange) sentence() string {
	if c.agreed {
		return "The record is signed with a new key from now on, " + c.now + ". The one before, " + c.old + ", has signed that, too."
	}
	return "The record is signed with a new key from now on, " + c.now + ". The one before, " + c.old + ", has not signed that: if nobody of you has replaced it, somebody else may have."
}

// create makes the key where it is looked for. What is there already and can't be
// used is left alone.
func (k *keys) create(log string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !errors.Is(k.has.Lacking, note.ErrNoKey) || k.from.File == "" {
		return k.has.Lacking
	}
	if _, err := note.Create(k.from.File, log); err != nil && !errors.Is(err, fs.ErrExist) { // else another replica has made it meanwhile
		k.has.Lacking = err
		return err
	}
	k.has = note.Load(k.from, k.now)
	return k.has.Lacking
}

// signer is what signs; nil while nothing can.
func (k *keys) signer() *note.Signer {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.has.Signer
}

// load reads the keys anew.
func (k *keys) load() {
	loaded := note.Load(k.from, k.now)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.has = loaded
}

// again takes the keys up as they are now.
func (k *keys) again(ctx context.Context) (*keyChange, error) {
	k.load()
	s, log, err := k.signing(ctx)
	if err != nil {
		return nil, err
	}
	return k.took(ctx, s, log, 0, false)
}

// signing is what the store knows of the key, and the log's name.
func (k *keys) signing(ctx context.Context) (s store.Signing, log string, err error) {
	err = k.store.View(ctx, func(tx store.Tx) error {
		if log, err = store.LogName(tx); err != nil {
			return err
		}
		s, err = store.LoadSigning(tx)
		return err
	})
	return s, log, err
}

// Sign signs a document: see note.Signer.
func (k *keys) Sign(ctx context.Context, log string, kind note.Kind, text string) (string, error) {
	k.mu.Lock()
	has := k.has
	k.mu.Unlock()
	if has.Signer == nil {
		return "", has.Lacking
	}
	return has.Signer.Sign(ctx, log, kind, text)
}

// trust is whose signatures count.
func (k *keys) trust() note.Trust {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.has.Trust
}

// lacking is why nothing can be signed; nil if it can.
func (k *keys) lacking(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.has.Signer != nil {
		return nil
	}
	return &access.Failure{Class: access.Denied, Err: k.has.Lacking,
		Sentence: "The record can't be signed: " + k.has.Lacking.Error() + ". Access ends on time; nothing new is given, and nothing is written into Jira, until the key is back"}
}

// hello looks whether the key can sign. One that was put back is taken up.
func (k *keys) hello(ctx context.Context) error {
	_, log, err := k.signing(ctx)
	if err != nil {
		return err
	}
	if k.lacking(ctx) != nil {
		k.load()
	}
	if err := k.lacking(ctx); err != nil {
		return err
	}
	probe, err := note.Compose(note.Probe, map[string]time.Time{"at": k.now()})
	if err == nil {
		_, err = k.Sign(ctx, log, note.Probe, probe)
	}
	if err != nil {
		return &access.Failure{Class: access.Denied, Sentence: "The record can't be signed: " + err.Error(), Err: err}
	}
	return nil
}
