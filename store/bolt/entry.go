package bolt

import (
	"fmt"

	"latchkey/access"
)

// packEntry writes down an entry. Its leaf comes first, so that the tree can be
// computed without the rest; the place is in the key.
func (l eventLog) packEntry(e access.Entry) ([]byte, error) {
	log, err := l.logNumber(e.Log)
	if err != nil {
		return nil, err
	}
	p := make(packer, 0, 256+len(e.Body)+len(e.Private))
	p = append(append(p, e.Leaf[:]...), e.Prev[:]...)
	p.number(log)
	p.text(e.ID)
	p.text(e.Subject.String())
	p.number(e.N)
	p.number(uint64(e.Schema))
	p.bytes(e.Body)
	p.bytes(e.Salt)
	p.bytes(e.Private)
	if e.Erased != (access.Hash{}) {
		p = append(p, e.Erased[:]...)
	}
	return p, nil
}

func (l eventLog) unpackEntry(place uint64, raw []byte) (access.Entry, error) {
	u := &unpacker{rest: raw}
	e := access.Entry{Place: place, Leaf: u.hash(), Prev: u.hash()}
	log := u.number()
	e.ID = u.text()
	subject := u.text()
	e.N, e.Schema = u.number(), int(u.number())
	e.Body, e.Salt, e.Private = u.bytes(), u.bytes(), u.bytes()
	if len(u.rest) > 0 {
		e.Erased = u.hash()
	}
	err := u.err
	if err == nil {
		e.Subject, err = access.ParseSubject(subject)
	}
	if err == nil {
		e.Log, err = l.logName(log)
	}
	if err != nil {
		return access.Entry{}, fmt.Errorf("the event at place %d can't be read back: %w", place, err)
	}
	return e, nil
}

// An entry names the log it was chained in. That is nearly always the same name,
// so it is kept once and entries hold its number.

// logNumber finds the number of a log's name and gives it one if it has none.
func (l eventLog) logNumber(name string) (uint64, error) {
	if l.named.name == name && name != "" {
		return l.named.number, nil
	}
	next := uint64(1)
	for k, v := range l.scan(logs, nil, nil) {
		if string(v) == name {
			l.named = namedLog{name, seqOf(k)}
			return l.named.number, nil
		}
		next = seqOf(k) + 1
	}
	if err := l.put(logs, seqKey(next), []byte(name)); err != nil {
		return 0, err
	}
	l.named = namedLog{name, next}
	return next, nil
}

func (l eventLog) logName(number uint64) (string, error) {
	if l.named.number != number || number == 0 {
		name := l.get(logs, seqKey(number))
		if name == nil {
			return "", errDamaged
		}
		l.named = namedLog{string(name), number}
	}
	return l.named.name, nil
}

// namedLog is the name of a log that was used last in a batch.
type namedLog struct {
	name   string
	number uint64
}
