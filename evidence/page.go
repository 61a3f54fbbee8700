package evidence

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"latchkey/access"
)

// Pages carry the events of one request in its issue: entries as they are kept,
// one after the other, deflated and in base64.
//
//	log ORIGIN                                        where it changes, and first
//	ID PLACE SCHEMA BODY-LENGTH PRIVATE-LENGTH SALT
//	body private
//
// Number and subject of an entry follow from where it stands, and so does the
// leaf before; the leaf of the last one has to be what the state says. Of an
// erased private part the length is "erased", and its hash stands for the salt.
const (
	pageLimit    = 30_000  // characters; an issue property holds 32,768
	inflateLimit = 1 << 20 // bytes; a page that holds more was not made here
)

const erased = "erased"

// writePages puts entries, which are a chain from its beginning, on pages. What
// comes after an entry that no page can hold is left out; full is false then.
func writePages(entries []access.Entry) (pages []string, full bool, err error) {
	for len(entries) > 0 {
		page, fits, err := fillPage(entries)
		if err != nil || fits == 0 {
			return pages, false, err
		}
		pages, entries = append(pages, page), entries[fits:]
	}
	return pages, true, nil
}

// fillPage puts as many entries on a page as it holds. How many that are is guessed
// from how well those before could be deflated, so that a long story is not deflated
// again and again as a whole.
func fillPage(entries []access.Entry) (page string, fits int, err error) {
	most := len(entries)
	for guess := min(most, 300); ; {
		text, err := writePage(entries[:guess])
		if err != nil {
			return "", 0, err
		}
		if len(text) <= pageLimit {
			page, fits = text, guess
		} else {
			most = guess - 1
		}
		if fits >= most {
			return page, fits, nil
		}
		guess = min(max(guess*pageLimit/len(text), fits+1), most)
	}
}

func writePage(entries []access.Entry) (string, error) {
	var raw []byte
	log := ""
	for _, e := range entries {
		if e.Log != log {
			log = e.Log
			raw = append(raw, "log "+log+"\n"...)
		}
		raw = appendEntry(raw, e)
	}
	return pack(raw)
}

// pack deflates what is written, and makes text of it.
func pack(raw []byte) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(raw); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// unpack gives back what pack was given, if it is no more than a page can hold.
func unpack(text string) ([]byte, error) {
	packed := flate.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	raw, err := io.ReadAll(io.LimitReader(packed, inflateLimit+1))
	if err != nil {
		return nil, fmt.Errorf("it can't be unpacked: %w", err)
	}
	if len(raw) > inflateLimit {
		return nil, errors.New("it unpacks to more than a page can hold")
	}
	return raw, nil
}

func appendEntry(b []byte, e access.Entry) []byte {
	length, salt := strconv.Itoa(len(e.Private)), "-"
	switch {
	case e.Erased != access.Hash{}:
		length, salt = erased, e.Erased.String()
	case len(e.Salt) > 0:
		salt = base64.StdEncoding.EncodeToString(e.Salt)
	}
	b = fmt.Appendf(b, "%s %d %d %d %s %s\n", e.ID, e.Place, e.Schema, len(e.Body), length, salt)
	return append(append(append(b, e.Body...), e.Private...), '\n')
}

// readPages puts the entries of a subject's pages back together. They are a chain
// from its beginning; whether it is the right one its last leaf tells. Beside a
// fault it gives those before it.
func readPages(s access.Subject, pages []string) ([]access.Entry, error) {
	r := pageReader{subject: s}
	for i, page := range pages {
		if err := r.page(page); err != nil {
			return r.entries, fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	return r.entries, nil
}

var errPage = errors.New("it holds something else than events")

// pageReader is a chain that is being read.
type pageReader struct {
	subject access.Subject
	entries []access.Entry
	log     string
	rest    []byte
}

func (r *pageReader) page(text string) error {
	raw, err := unpack(text)
	if err != nil {
		return err
	}
	r.log, r.rest = "", raw
	for len(r.rest) > 0 {
		if err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// next reads one entry, and the line before it that names the log.
func (r *pageReader) next() error {
	line, err := r.line()
	if err != nil {
		return err
	}
	if log, ok := strings.CutPrefix(line, "log "); ok {
		r.log = log
		if line, err = r.line(); err != nil {
			return err
		}
	}
	e, err := r.entry(strings.Split(line, " "))
	if err != nil {
		return err
	}
	prev, n := access.Hash{}, uint64(len(r.entries))
	if n > 0 {
		prev = r.entries[n-1].Leaf
	}
	if e, err = e.Chain(r.log, n, prev); err != nil {
		return err
	}
	r.entries = append(r.entries, e)
	return nil
}

func (r *pageReader) line() (string, error) {
	line, rest, ok := bytes.Cut(r.rest, []byte("\n"))
	if !ok {
		return "", errPage
	}
	r.rest = rest
	return string(line), nil
}

func (r *pageReader) entry(f []string) (e access.Entry, err error) {
	if len(f) != 6 {
		return e, errPage
	}
	e = access.Entry{ID: f[0], Subject: r.subject}
	place, err1 := strconv.ParseUint(f[1], 10, 64)
	schema, err2 := strconv.ParseUint(f[2], 10, 31)
	body, err3 := strconv.ParseUint(f[3], 10, 31)
	e.Place, e.Schema = place, int(schema)
	private, err4 := uint64(0), error(nil)
	switch {
	case f[4] == erased:
		e.Erased, err4 = access.ParseHash(f[5])
	case f[5] != "-":
		private, err4 = strconv.ParseUint(f[4], 10, 31)
		if err4 == nil {
			e.Salt, err4 = base64.StdEncoding.DecodeString(f[5])
		}
	}
	if err := errors.Join(err1, err2, err3, err4); err != nil || body+private+1 > uint64(len(r.rest)) || r.rest[body+private] != '\n' {
		return e, errPage
	}
	e.Body = r.rest[:body:body]
	if private > 0 {
		e.Private = r.rest[body : body+private : body+private]
	}
	r.rest = r.rest[body+private+1:]
	return e, nil
}
