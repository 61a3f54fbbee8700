package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"time"

	"latchkey/access"
	"latchkey/store/snapshot/columns"
)

const saltSize = 16

// private is what names or describes a person: what Erase takes away.
type private struct {
	salt [saltSize]byte
	said [privateFields]string
}

// The fields of what is private. Those from title on have words that many share.
const (
	saidName = iota
	saidAddress
	saidTitle
	saidDepartment
	saidType
	saidLocation
	saidManager
	privateFields
)

func privateOf(p *Person) [privateFields]string {
	return [...]string{p.Name, string(p.Address), p.Title, p.Department, p.Type, p.Location, p.Manager.Text}
}

func (s *private) give(p *Person) {
	p.Name, p.Address, p.Title, p.Department = s.said[saidName], access.Email(s.said[saidAddress]), s.said[saidTitle], s.said[saidDepartment]
	p.Type, p.Location, p.Manager.Text = s.said[saidType], s.said[saidLocation], s.said[saidManager]
}

// leaf is the hash that stands for it where it can't be erased.
func (s *private) leaf() access.Hash {
	p := append(make(columns.Packer, 0, 256), s.salt[:]...)
	for _, text := range s.said {
		p.Text(text)
	}
	return sha256.Sum256(p)
}

// packPeople packs what is hashed of people, and what can be erased.
func packPeople(people []Person, secrets []private) (public, erasable []byte) {
	var p columns.Packer
	p.Count(len(people))
	p.Count(people[0].Number)
	p.Words(each(people, func(p *Person) string { return p.Directory }))
	p.Ids(each(people, func(p *Person) []byte { return []byte(p.Account) }))
	p.Ids(each(people, func(p *Person) []byte { return []byte(p.ID) }))
	p.Words(each(people, func(p *Person) string { return string(p.Manager.Person) }))
	p.Words(each(people, func(p *Person) string { return p.Manager.Account }))
	p.Words(each(people, func(p *Person) string { return string(p.Status) }))
	p.Times(each(people, func(p *Person) time.Time { return p.Created }))
	p.Times(each(people, func(p *Person) time.Time { return p.SignIn.At }))
	p.Times(each(people, func(p *Person) time.Time { return p.SignIn.Reach }))
	p.Words(each(people, func(p *Person) string { return p.SignIn.Source }))
	for i := range secrets {
		p.Hash(secrets[i].leaf())
	}
	return p, packPrivate(secrets)
}

// each is what get finds in each of many.
func each[T, V any](all []T, get func(*T) V) []V {
	out := make([]V, len(all))
	for i := range all {
		out[i] = get(&all[i])
	}
	return out
}

// packPrivate is a checksum of the rest, the salts, and the texts of everybody, one kind
// after the other. Who was erased has neither salt nor texts.
func packPrivate(secrets []private) []byte {
	var p columns.Packer
	for _, s := range secrets {
		p = append(p, s.salt[:]...)
	}
	for field := range privateFields {
		if field < saidTitle {
			p.Ids(each(secrets, func(s *private) []byte { return []byte(s.said[field]) }))
		} else {
			p.Words(each(secrets, func(s *private) string { return s.said[field] }))
		}
	}
	return append(checksum(p), p...)
}

func checksum(of []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.Checksum(of, crc32.MakeTable(crc32.Castagnoli)))
}

// unpackPeople reads both back and compares them.
func unpackPeople(public, erasable []byte) ([]Person, []private, error) {
	u := &columns.Unpacker{Rest: public}
	people := make([]Person, u.Count(rowsAtMost))
	publicPeopleFrom(u, people)
	leaves := make([]access.Hash, len(people))
	for i := range leaves {
		leaves[i] = u.Hash()
	}
	if err := u.End(); err != nil || len(people) == 0 {
		return nil, nil, columns.ErrDamaged
	}
	secrets, err := unpackPrivate(erasable, len(people))
	if err != nil {
		return nil, nil, err
	}
	for i := range secrets {
		s := &secrets[i]
		if people[i].Erased = *s == (private{}); !people[i].Erased && s.leaf() != leaves[i] {
			return nil, nil, columns.ErrDamaged
		}
		s.give(&people[i])
	}
	return people, secrets, nil
}

func publicPeopleFrom(u *columns.Unpacker, people []Person) {
	n := len(people)
	if n == 0 {
		u.Fail()
		return
	}
	first := u.Count(peopleAtMost)
	directories, accounts, ids := u.Words(n), u.Ids(n), u.Ids(n)
	managers, theirs, status := u.Words(n), u.Words(n), u.Words(n)
	created, signedIn, reach, source := u.Times(n), u.Times(n), u.Times(n), u.Words(n)
	if u.Err != nil {
		return
	}
	for i := range people {
		people[i] = Person{
			Number: first + i, Directory: directories.At(i), Account: accounts.At(i), ID: access.PersonID(ids.At(i)),
			Manager: Manager{Person: access.PersonID(managers.At(i)), Account: theirs.At(i)}, Status: access.Standing(status.At(i)),
			Created: created[i], SignIn: Use{At: signedIn[i], Reach: reach[i], Source: source.At(i)},
		}
	}
}

func unpackPrivate(raw []byte, people int) ([]private, error) {
	u := &columns.Unpacker{Rest: raw}
	if sum := u.Take(crc32.Size); u.Err != nil || !bytes.Equal(sum, checksum(u.Rest)) {
		return nil, columns.ErrDamaged
	}
	out := make([]private, people)
	for i := range out {
		copy(out[i].salt[:], u.Take(saltSize))
	}
	for field := range privateFields {
		if field < saidTitle {
			ids := u.Ids(people)
			for i := range out {
				out[i].said[field] = ids.At(i)
			}
			continue
		}
		words := u.Words(people)
		if u.Err != nil {
			return nil, u.Err
		}
		for i := range out {
			out[i].said[field] = words.At(i)
		}
	}
	return out, u.End()
}
