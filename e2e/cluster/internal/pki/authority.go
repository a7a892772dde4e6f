// Package pki issues the certificates of a cluster.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Pair is a certificate and its private key, both PEM.
type Pair struct{ Certificate, Key []byte }

// Subject says what a certificate is for. Names and addresses are those a server answers to.
type Subject struct {
	User      string
	Groups    []string
	Names     []string
	Addresses []string
	RSA       bool // for Java clients: Fabric8 does not read every form of an elliptic key
}

// Authority signs all certificates of one cluster.
type Authority struct {
	PEM  []byte
	cert *x509.Certificate
	key  crypto.Signer
}

func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "modelweir-cluster"},
		NotBefore: start(), NotAfter: end(), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{PEM: block("CERTIFICATE", der), cert: cert, key: key}, nil
}

// Key returns the authority's own key, which the controller manager signs certificate requests with.
func (a *Authority) Key() ([]byte, error) { return encode(a.key) }

// Issue makes a certificate that is valid as a client's and as a server's.
func (a *Authority) Issue(s Subject) (Pair, error) {
	key, err := newKey(s.RSA)
	if err != nil {
		return Pair{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: s.User, Organization: s.Groups},
		NotBefore: start(), NotAfter: end(), DNSNames: s.Names,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	for _, address := range s.Addresses {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(address))
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	encoded, err := encode(key)
	return Pair{Certificate: block("CERTIFICATE", der), Key: encoded}, err
}

// SigningKey makes the pair that signs and checks service account tokens; Certificate holds the public key.
func SigningKey() (Pair, error) {
	key, err := newKey(true)
	if err != nil {
		return Pair{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return Pair{}, err
	}
	encoded, err := encode(key)
	return Pair{Certificate: block("PUBLIC KEY", public), Key: encoded}, err
}

func newKey(useRSA bool) (crypto.Signer, error) {
	if useRSA {
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func encode(key crypto.Signer) ([]byte, error) {
	if key, isRSA := key.(*rsa.PrivateKey); isRSA {
		return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), nil
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return block("PRIVATE KEY", der), err
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// The start lies in the past because clocks differ, the end beyond the life of any test cluster.
func start() time.Time { return time.Now().Add(-time.Hour) }
func end() time.Time   { return time.Now().AddDate(10, 0, 0) }

func serial() *big.Int {
	var bytes [16]byte
	_, _ = rand.Read(bytes[:]) // never fails
	return new(big.Int).SetBytes(bytes[:])
}
