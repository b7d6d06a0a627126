"""Builds the tokenizer of multilingual-e5-small from its pieces: the pipeline of XLM-RoBERTa's SentencePiece model."""

from __future__ import annotations

import io

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.encoder.weights import Vocabulary

MAX_TOKENS = 512  # positions of the model


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """A tokenizer whose output is `<s> pieces </s>`, cut to `MAX_TOKENS`.

    Characters are first normalised as SentencePiece does by default (NFKC and a few more), runs of blanks become one,
    and every word carries the mark of the blank before it.
    """
    scored = list(zip(vocabulary.pieces, map(float, vocabulary.scores), strict=True))
    tokenizer = Tokenizer(Unigram(scored, unk_id=vocabulary.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(nmt_nfkc_charsmap()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    special_ids = (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)
    tokenizer.add_special_tokens([AddedToken(vocabulary.pieces[number], normalized=False) for number in special_ids])
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def nmt_nfkc_charsmap() -> bytes:
    """SentencePiece's stock normalisation table, which it compiles into every model it trains.

    It can be had from such a model only, so one is trained on two lines and thrown away (some milliseconds).
    """
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["abc abd", "bcd acd"]),
        model_writer=model,
        vocab_size=12,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return bytes(proto.normalizer_spec.precompiled_charsmap)
