package snapshot

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// The records that a snapshot is kept in: one of the first kind, named after the
// campaign, and as many pages as it takes, which count from 1.
const (
	kindSnapshot = "review_snapshot"
	kindPage     = "review_page"
)

// schema of every record. A page of another layout gets another number, and a reader of
// its own beside the one of before: what was signed is never packed anew.
var schema = store.Schema{}.Number()

// pageKind says what a page holds.
type pageKind byte

const (
	headerPage pageKind = 'h'
	openPage   pageKind = 'o' // in the place of the header, until there is one
	endPage    pageKind = 'e' // in the place of the header, while the pages are being deleted
	peoplePage pageKind = 'p'
	rowsPage   pageKind = 'r'
	groupPage  pageKind = 'g'
	indexPage  pageKind = 'i'
)

// page is what stands in a record.
type page struct {
	number   uint64 // 0 for the header
	kind     pageKind
	public   []byte
	erasable []byte      // what the sum does not stand for
	sum      access.Hash // of campaign, number, kind and public
}

// ref names a page and what it must be.
type ref struct {
	number uint64
	sum    access.Hash
}

func (p page) ref() ref { return ref{p.number, p.sum} }

func newPage(campaign string, number uint64, is pageKind, public, erasable []byte) page {
	p := page{number: number, kind: is, public: public, erasable: erasable}
	p.sum = p.hash(campaign)
	return p
}

func (p page) hash(campaign string) access.Hash {
	head := fmt.Appendf(nil, "latchkey review snapshot %d\x00%s\x00", schema, campaign)
	head = append(binary.BigEndian.AppendUint64(head, p.number), byte(p.kind))
	sum := sha256.New()
	sum.Write(head)
	sum.Write(p.public)
	return access.Hash(sum.Sum(nil))
}

// record is the page as it is stored the first time.
func (p page) record(campaign string) store.Record {
	body := make(columns.Packer, 0, len(p.public)+len(p.erasable)+64)
	body = append(body, byte(p.kind))
	body.Count(len(p.public))
	body = append(body, p.public...)
	body.Hash(p.sum)
	body = append(body, p.erasable...)
	r := store.Record{Kind: kindPage, ID: pageID(campaign, p.number), Schema: schema, Body: body}
	if p.number == 0 {
		r.Kind, r.ID = kindSnapshot, campaign
	}
	return r
}

// pageID orders the pages of a campaign by their numbers.
func pageID(campaign string, number uint64) string { return fmt.Sprintf("%s/%012d", campaign, number) }

// readPage is the page in a record. One that isn't what was written is a
// *store.Damaged.
func readPage(r store.Record, campaign string, number uint64) (page, error) {
	body, err := store.Schema{}.Newest(r.Schema, r.Body)
	if err != nil {
		return page{}, damaged(r.Kind, r.ID, err)
	}
	u := &columns.Unpacker{Rest: body}
	p := page{number: number}
	if is := u.Take(1); len(is) == 1 {
		p.kind = pageKind(is[0])
	}
	p.public = u.Take(u.Things())
	p.sum = u.Hash()
	if p.erasable = u.Rest; u.Err != nil || p.sum != p.hash(campaign) || len(p.erasable) > 0 && p.kind != peoplePage {
		return page{}, damaged(r.Kind, r.ID, columns.ErrDamaged)
	}
	return p, nil
}

func damaged(kind, id string, why error) error { return &store.Damaged{Kind: kind, ID: id, Err: why} }

// damagedPage is the error of a page that is there and doesn't say what it must.
func damagedPage(campaign string, number uint64) error {
	return damaged(kindPage, pageID(campaign, number), columns.ErrDamaged)
}

// loadPage reads the page that a ref names. One that is missing is damage, too.
func loadPage(tx store.Records, campaign string, at ref, is pageKind) (page, error) {
	r, err := tx.Get(kindPage, pageID(campaign, at.number))
	if errors.Is(err, store.ErrNotFound) {
		return page{}, damaged(kindPage, pageID(campaign, at.number), errors.New("it is missing; restore the store from a backup"))
	}
	if err != nil {
		return page{}, fmt.Errorf("page %d of the snapshot of %s: %w", at.number, campaign, err)
	}
	p, err := readPage(r, campaign, at.number)
	if err == nil && (p.sum != at.sum || p.kind != is) {
		err = damagedPage(campaign, at.number)
	}
	return p, err
}

// named refuses what can't be a campaign's id.
func named(campaign string) error {
	if campaign == "" || strings.ContainsAny(campaign, "/\x00") {
		return fmt.Errorf("a snapshot can't be named %q: the id of a campaign is not empty, and has no slash in it", campaign)
	}
	return nil
}
