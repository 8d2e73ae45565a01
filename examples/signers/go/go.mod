module bucket-upload-signer

go 1.19
